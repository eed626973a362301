using System.Security.Cryptography;
using System.Text;

namespace Notify.Functions.Providers.SendGrid;

/// <summary>
/// The signature of the Event Webhook: ECDSA P-256 with SHA-256 over the bytes of the timestamp header followed by those of the body
/// ("Getting Started with the Event Webhook Security Features"). Only the public key is here, so there is no secret that timing could tell.
/// </summary>
internal sealed class SendGridSignature
{
    private readonly byte[] _key;

    /// <summary>Verifies by a key in base64, SPKI.</summary>
    public SendGridSignature(string key)
    {
        _key = Convert.FromBase64String(key);
    }

    /// <summary>Whether this is a public key that SendGrid could sign for.</summary>
    public static bool IsKey(string key)
    {
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(key), out _);
            return ecdsa.KeySize == 256;
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Whether the signature, base64 of a DER sequence, is that of the timestamp and the body.</summary>
    public bool IsGenuine(string timestamp, ReadOnlySpan<byte> body, string signature)
    {
        var der = new byte[signature.Length];
        if (!Convert.TryFromBase64String(signature, der, out var length))
        {
            return false;
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(timestamp));
        hash.AppendData(body);
        using var ecdsa = ECDsa.Create(); // One a call: an instance is not for several threads.
        ecdsa.ImportSubjectPublicKeyInfo(_key, out _);
        try
        {
            return ecdsa.VerifyHash(hash.GetHashAndReset(), der.AsSpan(0, length), DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false; // Not a DER sequence.
        }
    }
}
