using System.Globalization;
using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>
/// What waits, in the recipient's partition. For a digest: <c>!i|{window end}|{recipient hash}|{channel}|{category}|{delivery id}</c>, so
/// that a range meets in one go what belongs together. For its time: <c>!d|{due}|{delivery id}</c>. For its queue: <c>!o|{digest's delivery
/// id}</c>.
/// </summary>
internal static partial class DeliveryRows
{
    /// <summary>Begins the keys of closed digests.</summary>
    public const string ClosedDigestPrefix = "!o|";

    private const string DigestItemPrefix = "!i|";
    private const string DuePrefix = "!d|";
    private const string WindowEnd = "windowEnd";
    private const string Delivery = "delivery";
    private const string Message = "message";
    private const string Queue = "queue";
    private const string Category = "category";
    private const string ExpiresAt = "expiresAt";
    private const string Topics = "topics";

    // Stands in a digest item's key for no category.
    private const string NoCategory = "-";

    /// <summary>The key of what waits for a digest because of a decision.</summary>
    public static string DigestItemKey(DecisionRow decision, string? category) =>
        $"{DigestItemPrefix}{Stamp(decision.Decision.Due!.Value)}|{decision.Id.RecipientHash}"
        + $"|{decision.Id.Channel.Code()}|{category ?? NoCategory}|{decision.Id}";

    /// <summary>Whether a digest item's key is this recipient's.</summary>
    public static bool IsDigestItemOf(string recipientHash, TableRow row) =>
        row.Key.Contains($"|{recipientHash}|", StringComparison.Ordinal);

    /// <summary>Whether a due row's key is this recipient's.</summary>
    public static bool IsDueItemOf(string recipientHash, TableRow row) => row.Key.Contains($"|{recipientHash}.", StringComparison.Ordinal);

    /// <summary>The keys of a digest item's row.</summary>
    public static TableRow Key(DigestItem item) => new(item.Delivery.Partition, item.Key);

    /// <summary>The keys of a due item's row.</summary>
    public static TableRow Key(ScheduledDelivery item) => new(item.Delivery.Partition, DueItemKey(item));

    /// <summary>The keys of a closed digest's row.</summary>
    public static TableRow Key(ClosedDigest digest) => new(digest.Digest.Partition, ClosedDigestKey(digest));

    /// <summary>The digest item's row.</summary>
    public static TableRow ToRow(DigestItem item) => new(item.Delivery.Partition, item.Key)
    {
        [WindowEnd] = item.WindowEnd,
        [Delivery] = item.Delivery.ToString(),
        [Recipient] = item.Recipient,
        [Tenant] = item.Tenant,
        [Type] = (int)item.Type,
        ["title"] = item.Title,
        ["text"] = item.Text,
        ["url"] = item.Url,
        // The key has it, unless it is the sign for none.
        [Category] = string.Equals(item.Category, NoCategory, StringComparison.Ordinal) ? item.Category : null,
        [ExpiresAt] = item.ExpiresAt,
        [Topics] = item.Topics.Count == 0 ? null : string.Join(' ', item.Topics),
    };

    /// <summary>Reads a digest item's row.</summary>
    public static DigestItem DigestItem(TableRow row) => new()
    {
        Key = row.Key,
        WindowEnd = row.Time(WindowEnd)!.Value,
        Delivery = ReadId(row, Delivery),
        Recipient = row.Text(Recipient)!,
        Tenant = row.Text(Tenant),
        Type = (EventType)(int)row.Number(Type)!,
        Title = row.Text("title")!,
        Text = row.Text("text")!,
        Url = row.Text("url"),
        Category = row.Text(Category) ?? CategoryIn(row.Key),
        ExpiresAt = row.Time(ExpiresAt),
        Topics = (row.Text(Topics) ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries),
    };

    /// <summary>The due item's row.</summary>
    public static TableRow ToRow(ScheduledDelivery item) => new(item.Delivery.Partition, DueItemKey(item))
    {
        [Due] = item.Due,
        [Delivery] = item.Delivery.ToString(),
        [EventId] = item.EventId,
        [Tenant] = item.Tenant,
        [Recipient] = item.Recipient,
    };

    /// <summary>Reads a due item's row.</summary>
    public static ScheduledDelivery DueItem(TableRow row) => new()
    {
        ETag = row.ETag,
        Due = row.Time(Due)!.Value,
        Delivery = ReadId(row, Delivery),
        EventId = row.Text(EventId)!,
        Tenant = row.Text(Tenant),
        Recipient = row.Text(Recipient)!,
    };

    /// <summary>The closed digest's row.</summary>
    public static TableRow ToRow(ClosedDigest digest)
    {
        var row = new TableRow(digest.Digest.Partition, ClosedDigestKey(digest))
        {
            [Digest] = digest.Digest.ToString(),
            [Queue] = digest.Queue,
        };
        row.SetLarge(Message, Encoding.UTF8.GetBytes(digest.Message));
        return row;
    }

    /// <summary>Reads a closed digest's row.</summary>
    public static ClosedDigest ClosedDigest(TableRow row) =>
        new(ReadId(row, Digest), row.Text(Queue)!, Encoding.UTF8.GetString(row.Large(Message)!));

    /// <summary>The row that says which digest took a delivery in.</summary>
    public static TableRow Member(string partition, string delivery, DeliveryId digest) =>
        new(partition, delivery) { [Digest] = digest.ToString() };

    /// <summary>Digest items whose window ends at or before a moment.</summary>
    public static RowRange RangeOfDigestItems(string partition, DateTimeOffset until) =>
        new(partition, DigestItemPrefix, Until(DigestItemPrefix, until));

    /// <summary>Every digest item.</summary>
    public static RowRange RangeOfDigestItems(string partition) => new(partition, DigestItemPrefix, DigestItemPrefix + Behind);

    /// <summary>What is due at or before a moment.</summary>
    public static RowRange RangeOfDueItems(string partition, DateTimeOffset until) => new(partition, DuePrefix, Until(DuePrefix, until));

    /// <summary>Everything that waits for its time.</summary>
    public static RowRange RangeOfDueItems(string partition) => new(partition, DuePrefix, DuePrefix + Behind);

    /// <summary>Every closed digest.</summary>
    public static RowRange RangeOfClosedDigests(string partition) => new(partition, ClosedDigestPrefix, ClosedDigestPrefix + Behind);

    /// <summary>The closed digests of one recipient.</summary>
    public static RowRange RangeOfClosedDigestsOf(string recipientHash)
    {
        var prefix = $"{ClosedDigestPrefix}{recipientHash}.";
        return new(KeyedHashes.PartitionOf(recipientHash), prefix, prefix + Behind);
    }

    // No category has a bar in its name.
    private static string? CategoryIn(string digestItemKey) =>
        digestItemKey.Split('|') is [_, _, _, _, var category, _] && !string.Equals(category, NoCategory, StringComparison.Ordinal)
            ? category : null;

    private static string DueItemKey(ScheduledDelivery item) => $"{DuePrefix}{Stamp(item.Due)}|{item.Delivery}";

    private static string ClosedDigestKey(ClosedDigest digest) => ClosedDigestPrefix + digest.Digest;

    private static string Until(string prefix, DateTimeOffset until) => prefix + Stamp(until.AddMilliseconds(1));

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);

    private static DeliveryId ReadId(TableRow row, string column) =>
        DeliveryId.TryParse(row.Text(column), out var id)
            ? id : throw new InvalidDataException($"The row names no delivery in '{column}'.");
}
