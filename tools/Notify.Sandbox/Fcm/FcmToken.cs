using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Notify.Sandbox.Common;
using Notify.Sandbox.Gate;

namespace Notify.Sandbox.Fcm;

/// <summary><c>POST /sandbox/fcm/token</c>: Google's OAuth 2.0 token endpoint, for service accounts only (RFC 7523).</summary>
internal sealed class FcmToken(SandboxOptions options, FcmAccessTokens tokens, TimeProvider clock) : IProviderDialect
{
    private const string GrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    public string Name => ProviderNames.FcmToken;

    public int MaxBodyBytes => 64 * 1024;

    public ProviderAnswer Answer(ProviderRequest request)
    {
        var form = FormBody.Read(request);
        if (form.One("grant_type") != GrantType)
        {
            return OAuth("unsupported_grant_type", "Invalid grant_type: " + form.One("grant_type"));
        }
        if (form.One("assertion") is not { Length: > 0 } assertion)
        {
            return OAuth("invalid_request", "Missing required parameter: assertion");
        }
        var audience = $"{request.Http.Scheme}://{request.Http.Host}{request.Http.PathBase}{request.Http.Path}";
        if (JwtAssertion.Fault(assertion, audience, options.Credentials, clock.GetUtcNow()) is { } fault)
        {
            return OAuth(fault.Error, fault.Description);
        }
        request.Accepted = true;
        return ProviderAnswer.Json(StatusCodes.Status200OK, new JsonObject
        {
            ["access_token"] = tokens.Issue(),
            ["expires_in"] = (int)FcmAccessTokens.Lifetime.TotalSeconds,
            ["token_type"] = "Bearer",
        });
    }

    public ProviderAnswer TooLarge() => ProviderAnswer.FromProxy(StatusCodes.Status413PayloadTooLarge);

    public ProviderAnswer Error(int status) => status switch
    {
        500 or 503 => OAuth("internal_failure", "Backend Error", status),
        _ => ProviderAnswer.FromProxy(status),
    };

    public ProviderAnswer RateLimited(TimeSpan retryAfter) =>
        OAuth("rate_limit_exceeded", "Rate Limit Exceeded", StatusCodes.Status429TooManyRequests).WithRetryAfter(retryAfter);

    public ProviderAnswer Rejected(int? status) =>
        OAuth("invalid_grant", "Invalid grant: account not found", status ?? StatusCodes.Status400BadRequest);

    private static ProviderAnswer OAuth(string error, string description, int status = StatusCodes.Status400BadRequest) =>
        ProviderAnswer.Json(status, new JsonObject { ["error"] = error, ["error_description"] = description });
}
