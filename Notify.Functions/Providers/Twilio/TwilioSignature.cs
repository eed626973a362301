using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Notify.Functions.Providers.Twilio;

/// <summary>
/// <c>X-Twilio-Signature</c>: HMAC-SHA1 over the address and the form's fields (<c>https://www.twilio.com/docs/usage/security</c>).
/// </summary>
internal sealed class TwilioSignature(string authToken)
{
    /// <summary>The query parameter with the hash of a JSON body.</summary>
    private const string BodyHashParameter = "bodySHA256";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(authToken);

    /// <summary>Whether the signature is that of a form: each key with its distinct values, both in ordinal order, after the address.</summary>
    public bool IsGenuineForm(string url, ReadOnlySpan<byte> body, string signature)
    {
        var fields = new StringBuilder();
        foreach (var field in FormBody.Read(body).GroupBy(field => field.Key, field => field.Value).OrderBy(field => field.Key, StringComparer.Ordinal))
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
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hash), Encoding.UTF8.GetBytes(signedHash))
            && IsGenuine(url, fields: "", signature);
    }

    [SuppressMessage("Security", "CA5350", Justification = "Twilio's algorithm; HMAC does not rest on what SHA-1 has lost.")]
    private bool IsGenuine(string url, string fields, string signature)
    {
        var given = new byte[signature.Length];
        if (!Convert.TryFromBase64String(signature, given, out var length))
        {
            return false;
        }
        var genuine = false;
        foreach (var form in TwilioUrl.Forms(url))
        {
            genuine |= CryptographicOperations.FixedTimeEquals(HMACSHA1.HashData(_key, Encoding.UTF8.GetBytes(form + fields)), given.AsSpan(0, length));
        }
        return genuine;
    }
}
