using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;

namespace Notify.Functions.Ledger;

/// <summary>
/// Turns names of events and recipients into hashes that only this deployment can make, by HMAC-SHA-256 over tenant and id.
/// </summary>
public sealed class KeyedHashes(IOptions<IdentityOptions> options)
{
    /// <summary>128 bits in base32hex.</summary>
    public const int EventHashLength = 26;

    /// <summary>80 bits in base32hex.</summary>
    public const int RecipientHashLength = 16;

    /// <summary>The 16 partitions of every table that is spread by a hash.</summary>
    public static IReadOnlyList<string> Partitions { get; } = [.. "0123456789abcdef".Select(digit => digit.ToString())];

    private readonly byte[] _key = options.Value.KeyBytes();

    /// <summary>26 characters that stand for an event.</summary>
    public string EventHash(string? tenant, string eventId) => Hash('e', tenant, eventId, bytes: 16);

    /// <summary>16 characters that stand for a recipient.</summary>
    public string RecipientHash(string? tenant, string recipient) =>
        ErasedIds.TryRead(recipient, out var hash) ? hash : Hash('r', tenant, recipient, bytes: 10);

    /// <summary>26 characters that stand for a deduplication key.</summary>
    public string KeyHash(string? tenant, string deduplicationKey) => Hash('k', tenant, deduplicationKey, bytes: 16);

    /// <summary>26 characters that stand for a topic.</summary>
    public string TopicHash(string? tenant, string topic) => Hash('t', tenant, topic, bytes: 16);

    /// <summary>26 characters that stand for an address on a channel.</summary>
    public string AddressHash(string? tenant, Channel channel, string address) =>
        Hash('a', tenant, $"{channel.Code()}{address}", bytes: 16);

    /// <summary>26 characters that stand for the digest that begins with a delivery.</summary>
    public string DigestHash(DeliveryId first) => Hash('d', tenant: null, first.ToString(), bytes: 16);

    /// <summary>What an event says, and when, where the producer has stated that.</summary>
    internal Fingerprint Fingerprint(NotificationEvent notification, bool statesTime)
    {
        byte[] text = [.. Encoding.UTF8.GetBytes($"b\n{notification.Tenant}\n"), .. CanonicalEvent.Write(notification)];
        var hash = Base32Hex.Encode(HMACSHA256.HashData(_key, text).AsSpan(0, 16));
        return new Fingerprint(Ledger.Fingerprint.Rules + hash, statesTime ? notification.CreatedAt : null);
    }

    /// <summary>The id of one delivery of an event.</summary>
    public DeliveryId Delivery(NotificationEvent notification, string recipient, Channel channel) =>
        new(RecipientHash(notification.Tenant, recipient), notification.CreatedAt, EventHash(notification.Tenant, notification.Id),
            channel);

    /// <summary>One of 16 partitions, <c>0</c> to <c>f</c>, by the first four bits of a hash. The number never changes.</summary>
    public static string PartitionOf(string hash)
    {
        Base32Hex.TryDecode(hash.AsSpan(0, 1), out var first);
        return Partitions[(int)(first >> 1)];
    }

    private string Hash(char kind, string? tenant, string id, int bytes)
    {
        // Tenants have no line breaks, so no two pairs run together.
        var text = Encoding.UTF8.GetBytes($"{kind}\n{tenant}\n{id}");
        return Base32Hex.Encode(HMACSHA256.HashData(_key, text).AsSpan(0, bytes));
    }
}
