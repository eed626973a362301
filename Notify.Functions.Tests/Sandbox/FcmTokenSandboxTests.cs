using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Notify.Functions.Tests.Sandbox;

public class FcmTokenSandboxTests(RefusingSandbox shared) : IClassFixture<RefusingSandbox>
{
    public static TheoryData<string, string, string> FalseAssertions => new()
    {
        { "alg", "invalid_grant", "Invalid JWT: Only RS256 is supported." },
        { "iss", "invalid_grant", "Invalid grant: account not found" },
        { "kid", "invalid_grant", "Invalid JWT Signature." },
        { "key", "invalid_grant", "Invalid JWT Signature." },
        { "aud", "invalid_grant", "Invalid JWT: Failed audience check." },
        { "late", "invalid_grant", "Invalid JWT: Token must be a short-lived token" },
        { "early", "invalid_grant", "Invalid JWT: Token must be a short-lived token" },
        { "long", "invalid_grant", "Invalid JWT: Token must be a short-lived token" },
        { "scope", "invalid_scope", "Invalid OAuth scope or ID token audience provided." },
        { "parts", "invalid_grant", "Invalid JWT: The JWT is not well formed." },
        { "padding", "invalid_grant", "Invalid JWT: The JWT is not well formed." },
    };

    [Fact]
    public async Task A_signed_assertion_is_exchanged_for_an_hour()
    {
        var sandbox = shared.Host;

        using var answer = await ServiceAccount.AskAsync(sandbox, ServiceAccount.Assertion(sandbox));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("Bearer", token.GetProperty("token_type").GetString());
        Assert.Equal(3599, token.GetProperty("expires_in").GetInt32());
    }

    [Theory]
    [MemberData(nameof(FalseAssertions))]
    public async Task A_false_assertion_is_refused(string falsified, string error, string description)
    {
        var sandbox = shared.Host;
        using var otherKey = RSA.Create(2048);
        var good = ServiceAccount.Assertion(sandbox);
        var assertion = falsified switch
        {
            "alg" => ServiceAccount.Assertion(sandbox, header: h => h["alg"] = "none"),
            "kid" => ServiceAccount.Assertion(sandbox, header: h => h["kid"] = "other"),
            "key" => ServiceAccount.Assertion(sandbox, key: otherKey),
            "late" => ServiceAccount.Assertion(sandbox, claims: Shift(-7200)),
            "early" => ServiceAccount.Assertion(sandbox, claims: Shift(7200)),
            "long" => ServiceAccount.Assertion(sandbox, claims: c => c["exp"] = c["exp"]!.GetValue<long>() + 1),
            "parts" => good[..good.LastIndexOf('.')],
            "padding" => good.Replace(".", "=.", StringComparison.Ordinal),
            _ => ServiceAccount.Assertion(sandbox, claims: c => c[falsified] = "https://example.com/else"),
        };

        using var answer = await ServiceAccount.AskAsync(sandbox, assertion);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(error, json.GetProperty("error").GetString());
        Assert.StartsWith(description, json.GetProperty("error_description").GetString());
    }

    [Fact]
    public async Task Another_grant_or_no_assertion_is_refused()
    {
        var sandbox = shared.Host;

        using var grant = await ServiceAccount.AskAsync(sandbox, ServiceAccount.Assertion(sandbox), grantType: "client_credentials");
        using var none = await ServiceAccount.AskAsync(sandbox, assertion: null);

        Assert.Contains("unsupported_grant_type", await grant.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("invalid_request", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Action<JsonObject> Shift(long seconds) => claims =>
    {
        claims["iat"] = claims["iat"]!.GetValue<long>() + seconds;
        claims["exp"] = claims["exp"]!.GetValue<long>() + seconds;
    };
}
