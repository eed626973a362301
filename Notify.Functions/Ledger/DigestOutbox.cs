using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>
/// Digests that are decided and not enqueued yet: rows under <c>!o|{delivery id}</c>, written in the transaction that closes the group.
/// </summary>
internal static class DigestOutbox
{
    private const string Prefix = "!o|";

    public static (string From, string To) Range { get; } = (Prefix, Prefix + "~");

    /// <summary>The row that keeps a digest's queue message until it is enqueued.</summary>
    public static TableRow Row(DeliveryId digest, string queue, string message)
    {
        var row = new TableRow(digest.Partition, Prefix + digest) { ["digest"] = digest.ToString(), ["queue"] = queue };
        row.SetLarge("message", System.Text.Encoding.UTF8.GetBytes(message));
        return row;
    }

    public static (string Digest, string Queue, string Message) Read(TableRow row) =>
        (row.Text("digest")!, row.Text("queue")!, System.Text.Encoding.UTF8.GetString(row.Large("message")!));
}
