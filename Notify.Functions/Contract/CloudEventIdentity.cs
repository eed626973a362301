using System.Security.Cryptography;
using System.Text;

namespace Notify.Functions.Contract;

/// <summary>
/// Ids of CloudEvents are unique within their source, ours within their tenant: so the source is part of the id, shortened to a hash. Two
/// sources that count from 1 stay two.
/// </summary>
internal static class CloudEventIdentity
{
    private const int SourceBytes = 10;
    private const int IdBytes = 16;

    /// <summary><c>{id}@{hash of source}</c>; an id that ours do not allow is hashed, too.</summary>
    public static string EventId(string source, string id)
    {
        var suffix = "@" + Hash(source, SourceBytes);
        return AddressSyntax.IsId(id) && id.Length + suffix.Length <= EventLimits.IdLength ? id + suffix : Hash(id, IdBytes) + suffix;
    }

    /// <summary>Source and id, as they make an event one by the specification; hashed where that is too long for a key.</summary>
    public static string DeduplicationKey(string source, string id)
    {
        // No source has a blank, so the first one always parts the two.
        var key = source + " " + id;
        return key.Length <= EventLimits.DeduplicationKeyLength ? key : EventId(source, id);
    }

    private static string Hash(string text, int bytes) => Base32Hex.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, bytes));
}
