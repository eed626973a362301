using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Digests;

/// <summary>The order to close the windows of one partition.</summary>
/// <param name="Partition">The ledger's partition.</param>
/// <param name="Until">Windows that end at or before this are closed.</param>
public sealed record CloseDigestsCommand(string Partition, DateTimeOffset Until)
{
    /// <summary>The queue message.</summary>
    public string Write() => JsonSerializer.Serialize(this, NotifyJson.Options);

    /// <summary>Reads a message back.</summary>
    /// <exception cref="JsonException">It is none of ours.</exception>
    public static CloseDigestsCommand Read(string message)
    {
        var order = JsonSerializer.Deserialize<CloseDigestsCommand>(message, NotifyJson.Options);
        return order is not null && KeyedHashes.Partitions.Contains(order.Partition, StringComparer.Ordinal)
            ? order
            : throw new JsonException("The message is no order to close digests.");
    }
}
