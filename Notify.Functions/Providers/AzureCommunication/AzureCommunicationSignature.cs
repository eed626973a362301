using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>
/// Signs requests by an access key: HMAC-SHA256 over method, path and query, date, host and the hash of the body
/// (<c>https://learn.microsoft.com/azure/azure-communication-services/tutorials/hmac-header-tutorial</c>).
/// </summary>
internal sealed class AzureCommunicationSignature(string accessKey)
{
    /// <summary>The header with the time of signing (RFC 1123).</summary>
    public const string DateHeader = "x-ms-date";

    /// <summary>The header with the hash of the body.</summary>
    public const string ContentHashHeader = "x-ms-content-sha256";

    private const string SignedHeaders = DateHeader + ";host;" + ContentHashHeader;

    private readonly byte[] _key = Convert.FromBase64String(accessKey);

    /// <summary>Whether requests can be signed by this key.</summary>
    public static bool IsKey(string key) => Convert.TryFromBase64String(key, new byte[key.Length], out var length) && length > 0;

    /// <summary>What a request must carry.</summary>
    public (AuthenticationHeaderValue Authorization, string Date, string ContentHash) Sign(
        HttpMethod method, Uri address, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var date = now.ToString("r", CultureInfo.InvariantCulture);
        var hash = Convert.ToBase64String(SHA256.HashData(body));
        var signed = $"{method.Method}\n{address.PathAndQuery}\n{date};{address.Authority};{hash}";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(signed)));
        return (new AuthenticationHeaderValue("HMAC-SHA256", $"SignedHeaders={SignedHeaders}&Signature={signature}"), date, hash);
    }
}
