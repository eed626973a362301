using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Notify.Functions.Tests.Sandbox;

/// <summary>Checks signatures by the providers' published algorithms, without the sandbox's code or the service's.</summary>
internal static class PublishedSignatures
{
    /// <summary>ECDSA over timestamp and body; the DER sequence is taken apart here.</summary>
    public static bool IsSendGrid(string publicKey, string signature, string timestamp, byte[] body)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
        var hash = SHA256.HashData([.. Encoding.UTF8.GetBytes(timestamp), .. body]);
        return key.VerifyHash(hash, FromDer(Convert.FromBase64String(signature)), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>HMAC-SHA1 over the URL and the sorted parameters of the raw form.</summary>
    public static string Twilio(string authToken, string url, byte[] form)
    {
        var signed = new StringBuilder(url);
        var pairs = Encoding.UTF8.GetString(form).Split('&').Select(p => p.Split('=', 2))
            .Select(p => (Name: WebUtility.UrlDecode(p[0]), Value: WebUtility.UrlDecode(p[1])));
        foreach (var (name, value) in pairs.OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            signed.Append(name).Append(value);
        }
#pragma warning disable CA5350 // The algorithm is Twilio's.
        using var hmac = new HMACSHA1(Encoding.UTF8.GetBytes(authToken));
#pragma warning restore CA5350
        return Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(signed.ToString())));
    }

    /// <summary>HMAC-SHA256 over method, path, date, host and the body's hash; the hash and the authorization.</summary>
    public static (string ContentHash, string Authorization) AzureCommunication(
        string accessKey, string method, string pathAndQuery, string date, string host, byte[] body)
    {
        var hash = Convert.ToBase64String(SHA256.HashData(body));
        using var hmac = new HMACSHA256(Convert.FromBase64String(accessKey));
        var signature = Convert.ToBase64String(
            hmac.ComputeHash(Encoding.UTF8.GetBytes(string.Concat(method, "\n", pathAndQuery, "\n", date, ";", host, ";", hash))));
        return (hash, "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=" + signature);
    }

    /// <summary>SEQUENCE { INTEGER r, INTEGER s } to r and s of 32 bytes each.</summary>
    private static byte[] FromDer(byte[] der)
    {
        Assert.Equal([0x30, (byte)(der.Length - 2)], der[..2]);
        var r = Integer(der, 2);
        var s = Integer(der, 4 + der[3]);
        return [.. r, .. s];
    }

    private static byte[] Integer(byte[] der, int at)
    {
        Assert.Equal(0x02, der[at]);
        var value = der[(at + 2)..(at + 2 + der[at + 1])].SkipWhile(b => b == 0).ToArray();
        return [.. new byte[32 - value.Length], .. value];
    }
}
