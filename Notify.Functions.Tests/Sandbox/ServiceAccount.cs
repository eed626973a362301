using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Notify.Functions.Tests.Sandbox;

/// <summary>Asks for access tokens as Google's documentation says, from nothing but the service account's JSON.</summary>
internal static class ServiceAccount
{
    public const string Scope = "https://www.googleapis.com/auth/firebase.messaging";

    /// <summary>An assertion; each part of it may be falsified.</summary>
    public static string Assertion(
        SandboxHost sandbox, Action<JsonObject>? header =
            null, Action<JsonObject>? claims = null, RSA? key = null, DateTimeOffset? now = null)
    {
        var account = JsonDocument.Parse(sandbox["Fcm:Credentials"]).RootElement;
        var issued = (now ?? TimeProvider.System.GetUtcNow()).ToUnixTimeSeconds();
        var head = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = account.GetProperty("private_key_id").GetString() };
        var body = new JsonObject
        {
            ["iss"] = account.GetProperty("client_email").GetString(),
            ["scope"] = Scope,
            ["aud"] = account.GetProperty("token_uri").GetString(),
            ["iat"] = issued,
            ["exp"] = issued + 3600,
        };
        header?.Invoke(head);
        claims?.Invoke(body);
        var signed = $"{Encode(head)}.{Encode(body)}";
        using var own = RSA.Create();
        own.ImportFromPem(account.GetProperty("private_key").GetString());
        var signature = (key ?? own).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    public static Task<HttpResponseMessage> AskAsync(
        SandboxHost sandbox, string? assertion, string grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer")
    {
        var form = new Dictionary<string, string> { ["grant_type"] = grantType };
        if (assertion is not null)
        {
            form["assertion"] = assertion;
        }
        var uri = JsonDocument.Parse(sandbox["Fcm:Credentials"]).RootElement.GetProperty("token_uri").GetString()!;
        return sandbox.Client.PostAsync(new Uri(uri), new FormUrlEncodedContent(form));
    }

    public static async Task<string> AccessTokenAsync(SandboxHost sandbox, DateTimeOffset? now = null)
    {
        using var answer = await AskAsync(sandbox, Assertion(sandbox, now: now));
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
