using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Notify.Functions.Providers.Fcm;

/// <summary>The part of a Google service account's key file that signs token requests.</summary>
internal sealed class FcmServiceAccount
{
    /// <summary>Where Google's key files point to; used where the file does not say.</summary>
    private const string GoogleTokenAddress = "https://oauth2.googleapis.com/token";

    private FcmServiceAccount(string email, string privateKey, string? keyId, Uri tokenAddress)
    {
        Email = email;
        PrivateKey = privateKey;
        KeyId = keyId;
        TokenAddress = tokenAddress;
    }

    /// <summary>The account, the <c>iss</c> of a token request.</summary>
    public string Email { get; }

    /// <summary>The private key, PKCS#8 in PEM.</summary>
    public string PrivateKey { get; }

    /// <summary>The key's id, the <c>kid</c> of a token request.</summary>
    public string? KeyId { get; }

    /// <summary>Where access tokens are given out; also the <c>aud</c> of a token request.</summary>
    public Uri TokenAddress { get; }

    /// <summary>Reads a key file. A fault says which part is wrong, without any of its content.</summary>
    public static bool TryParse(string json, [NotNullWhen(true)] out FcmServiceAccount? account, [NotNullWhen(false)] out string? fault)
    {
        account = null;
        using var document = ProviderJson.Parse(Encoding.UTF8.GetBytes(json));
        fault = document is null
            ? "is not JSON: it is the content of the key file, not its path." : Read(document.RootElement, out account);
        return fault is null && account is not null;
    }

    private static string? Read(JsonElement root, out FcmServiceAccount? account)
    {
        account = null;
        if (root.TextOf("client_email") is not { } email)
        {
            return "has no client_email.";
        }
        if (root.TextOf("private_key") is not { } key || !IsRsaKey(key))
        {
            return "has no private_key that is an RSA key in PEM.";
        }
        if (!Uri.TryCreate(root.TextOf("token_uri") ?? GoogleTokenAddress, UriKind.Absolute, out var address)
            || !ProviderEndpointAttribute.IsEndpoint(address))
        {
            return "has a token_uri that is no absolute https address (http only for a local sandbox).";
        }
        account = new FcmServiceAccount(email, key, root.TextOf("private_key_id"), address);
        return null;
    }

    private static bool IsRsaKey(string pem)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}
