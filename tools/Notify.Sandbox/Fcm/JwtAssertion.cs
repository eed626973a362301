using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Notify.Sandbox.Common;

namespace Notify.Sandbox.Fcm;

/// <summary>
/// A service account's signed request for an access token
/// (<see href="https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests">service accounts</see>).
/// </summary>
internal static class JwtAssertion
{
    private const string Timeframe =
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the "
            + "JWT claim.";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);
    private static readonly string[] Scopes =
        ["https://www.googleapis.com/auth/firebase.messaging", "https://www.googleapis.com/auth/cloud-platform"];

    /// <summary>OAuth's error and its description, or <see langword="null"/> where the assertion is good.</summary>
    public static (string Error, string Description)? Fault(
        string assertion, string audience, SandboxCredentials credentials, DateTimeOffset now)
    {
        var parts = assertion.Split('.');
        if (parts.Length != 3 || Json(parts[0]) is not { } header || Json(parts[1]) is not { } claims)
        {
            return ("invalid_grant", "Invalid JWT: The JWT is not well formed.");
        }
        if (Text(header, "alg") != "RS256" || Text(header, "typ") is not (null or "JWT"))
        {
            return ("invalid_grant", "Invalid JWT: Only RS256 is supported.");
        }
        if (Text(claims, "iss") != credentials.FcmClientEmail)
        {
            return ("invalid_grant", "Invalid grant: account not found");
        }
        if (Text(header, "kid") is { } kid && kid != credentials.FcmKeyId)
        {
            return ("invalid_grant", "Invalid JWT Signature.");
        }
        if (!IsSigned(parts, credentials.FcmPublicKey))
        {
            return ("invalid_grant", "Invalid JWT Signature.");
        }
        if (Text(claims, "aud") != audience)
        {
            return ("invalid_grant", "Invalid JWT: Failed audience check.");
        }
        if (Time(claims, "iat") is not { } issued || Time(claims, "exp") is not { } expires
            || issued > now + Skew || expires <= now - Skew || expires <= issued || expires - issued > Longest)
        {
            return ("invalid_grant", Timeframe);
        }
        return Scopes.Intersect((Text(claims, "scope") ?? "").Split(' ')).Any()
            ? null
            : ("invalid_scope", "Invalid OAuth scope or ID token audience provided.");
    }

    private static bool IsSigned(string[] parts, byte[] publicKey)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        return Decode(parts[2]) is { } signature
            && rsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature, HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1);
    }

    private static JsonElement? Json(string part)
    {
        try
        {
            return Decode(part) is { } bytes && JsonElement.Parse(bytes) is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Base64url without padding (RFC 7515, section 2): anything else is no JWT.</summary>
    private static byte[]? Decode(string part) =>
        !part.Contains('=', StringComparison.Ordinal) && Base64Url.IsValid(part) ? Base64Url.DecodeFromChars(part) : null;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
            && seconds is > 0 and < 100_000_000_000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
