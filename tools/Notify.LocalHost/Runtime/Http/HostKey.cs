using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Notify.LocalHost.Runtime.Http;

/// <summary>
/// The one key of this host, asked for only with <c>--enableAuth</c>: it serves for the function level and for the admin endpoints alike.
/// </summary>
internal sealed class HostKey
{
    private readonly byte[]? _hash;

    private HostKey(string? value)
    {
        Value = value;
        _hash = value is null ? null : Hash(value);
    }

    /// <summary>The key; <see langword="null"/> where none is asked for.</summary>
    public string? Value { get; }

    /// <summary>No key is asked for.</summary>
    public static HostKey None { get; } = new(null);

    /// <summary>The given key, or a new one.</summary>
    public static HostKey Required(string? given) =>
        new(string.IsNullOrEmpty(given) ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)) : given);

    /// <summary>
    /// Whether a request carries the key, in the header <c>x-functions-key</c> or as the query's <c>code</c>, or need not.
    /// </summary>
    public bool Admits(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_hash is null)
        {
            return true;
        }
        var header = request.Headers["x-functions-key"].ToString();
        var given = header.Length > 0 ? header : request.Query["code"].ToString();
        return CryptographicOperations.FixedTimeEquals(Hash(given), _hash);
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
