using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Notify.Functions.Contract;

namespace Notify.Functions.Ledger;

/// <summary>
/// An attempt's name in 128 bits, for a provider that takes nothing but a UUID: the same for the same attempt, so that a repeated request
/// is not a second message. Its first half begins the ledger's row key, so a report finds the attempt without an index to be kept.
/// </summary>
/// <remarks>
/// 60 bits are the beginning of the recipient's hash, 62 bits a hash of the attempt id; the six that RFC 9562 fixes are those of version 4,
/// which providers ask for.
/// </remarks>
internal static class AttemptUuid
{
    // 12 digits of base32hex: a first half without the version's four bits.
    private const int PrefixLength = 12;
    private const ulong Version = 0x4000;
    private const ulong Variant = 0x8000_0000_0000_0000;

    /// <summary>The attempt's UUID.</summary>
    /// <exception cref="ArgumentException">This is no attempt id.</exception>
    public static Guid Derive(string attemptId) =>
        AttemptId.TryParse(attemptId, out var attempt) ? Derive(attempt) : throw new ArgumentException("No attempt id.", nameof(attemptId));

    /// <summary>The attempt's UUID.</summary>
    public static Guid Derive(AttemptId attempt)
    {
        Base32Hex.TryDecode(attempt.Delivery.RecipientHash.AsSpan(0, PrefixLength), out var prefix);
        var hash = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes(attempt.ToString())));
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (((ulong)prefix >> 12) << 16) | Version | ((ulong)prefix & 0xFFF));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Variant | (hash >> 2));
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>What the attempt's row key begins with.</summary>
    public static string RowPrefix(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        var first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return Base32Hex.Encode((long)((first >> 16 << 12) | (first & 0xFFF)), PrefixLength);
    }
}
