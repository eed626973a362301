using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Notify.Functions.Providers.Twilio;

/// <summary>
/// <c>X-Twilio-Signature</c>: an HMAC over the address and the form's fields (<c>https://www.twilio.com/docs/usage/security</c>), by the
/// auth token and SHA-1, or by a key and a hash that a Webhook Setting says
/// (<c>https://www.twilio.com/docs/usage/webhooks/webhook-shared-keys</c>).
/// </summary>
/// <param name="hash">HMAC by the key: the first argument is the key, the second what is signed.</param>
/// <param name="secrets">The keys that may have signed.</param>
internal sealed class TwilioSignature(Func<byte[], byte[], byte[]> hash, params IEnumerable<string> secrets)
{
    /// <summary>The query parameter with the hash of a JSON body.</summary>
    private const string BodyHashParameter = "bodySHA256";

    private readonly IReadOnlyList<byte[]> _keys = [.. secrets.Select(Encoding.UTF8.GetBytes)];

    /// <summary>HMAC-SHA1.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "Twilio's algorithm; HMAC does not rest on what SHA-1 has lost.")]
    public static byte[] Sha1(byte[] key, byte[] signed) => HMACSHA1.HashData(key, signed);

    /// <summary>HMAC-SHA256.</summary>
    public static byte[] Sha256(byte[] key, byte[] signed) => HMACSHA256.HashData(key, signed);

    /// <summary>
    /// Whether the signature is that of a form: each key with its distinct values, both in ordinal order, after the address.
    /// </summary>
    public bool IsGenuineForm(string url, ReadOnlySpan<byte> body, string signature)
    {
        var fields = new StringBuilder();
        foreach (var field in FormBody.Read(body).GroupBy(field => field.Key, field => field.Value)
            .OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            foreach (var value in field.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                fields.Append(field.Key).Append(value);
            }
        }
        return IsGenuine(url, fields.ToString(), signature);
    }

    /// <summary>Whether the signature is that of another body: it covers the address, which carries the hash of the raw bytes.</summary>
    public bool IsGenuineBody(string url, ReadOnlySpan<byte> body, string signature)
    {
        if (FormBody.Read(TwilioUrl.Query(url)).Value(BodyHashParameter) is not { Length: > 0 } signedHash)
        {
            return false;
        }
        var bodyHash = Convert.ToHexStringLower(SHA256.HashData(body));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(bodyHash), Encoding.UTF8.GetBytes(signedHash))
            && IsGenuine(url, fields: "", signature);
    }

    private bool IsGenuine(string url, string fields, string signature)
    {
        var given = new byte[signature.Length];
        if (!Convert.TryFromBase64String(signature, given, out var length))
        {
            return false;
        }
        var genuine = false;
        foreach (var signed in TwilioUrl.Forms(url).Select(form => Encoding.UTF8.GetBytes(form + fields)))
        {
            foreach (var key in _keys)
            {
                genuine |= CryptographicOperations.FixedTimeEquals(hash(key, signed), given.AsSpan(0, length));
            }
        }
        return genuine;
    }
}
