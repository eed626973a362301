using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Notify.Functions.Providers.Fcm;

/// <summary>
/// The request for an access token: a JWT that the service account signs (RFC 7523, "Using OAuth 2.0 for Server to Server
/// Applications" in Google's documentation).
/// </summary>
internal static class FcmTokenRequest
{
    private const string Scope = "https://www.googleapis.com/auth/firebase.messaging";

    /// <summary>The longest that Google allows: one hour.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>The form-encoded body.</summary>
    public static byte[] Body(FcmServiceAccount account, DateTimeOffset now) =>
        Encoding.ASCII.GetBytes("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + Assertion(account, now));

    private static string Assertion(FcmServiceAccount account, DateTimeOffset now)
    {
        var header = new Dictionary<string, string>(StringComparer.Ordinal) { ["alg"] = "RS256", ["typ"] = "JWT" };
        if (account.KeyId is { Length: > 0 } keyId)
        {
            header["kid"] = keyId;
        }
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = account.Email,
            ["scope"] = Scope,
            ["aud"] = account.TokenAddress.OriginalString,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
        };
        var signed = Part(header) + "." + Part(claims);
        using var rsa = RSA.Create();
        rsa.ImportFromPem(account.PrivateKey);
        var signature = rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    private static string Part<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
