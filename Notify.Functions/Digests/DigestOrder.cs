using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Digests;

/// <summary>The order to close the windows of one partition.</summary>
/// <param name="Partition">The ledger's partition.</param>
/// <param name="Until">Windows that end at or before this are closed.</param>
public sealed record DigestOrder(string Partition, DateTimeOffset Until)
{
    /// <summary>The queue message.</summary>
    public string Write() => JsonSerializer.Serialize(this, JsonText.Options);

    /// <summary>Reads a message back.</summary>
    /// <exception cref="JsonException">It is none of ours.</exception>
    public static DigestOrder Read(string message)
    {
        var order = JsonSerializer.Deserialize<DigestOrder>(message, JsonText.Options);
        return order is not null && Identities.Partitions.Contains(order.Partition, StringComparer.Ordinal)
            ? order
            : throw new JsonException("The message is no order to close digests.");
    }
}
