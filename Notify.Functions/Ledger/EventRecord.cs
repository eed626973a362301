using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Storage;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>The row that stands for an event. Inserted once; the first one's time and content stand.</summary>
public sealed record EventRecord
{
    /// <summary>The column of <see cref="CancelledAt"/>.</summary>
    internal const string CancelledAtColumn = "cancelledAt";

    private const string ContentColumn = "content";

    private static readonly JsonElement Nothing = JsonDocument.Parse("""{"message":"duplicate"}""").RootElement;

    /// <summary>The event as it was first seen.</summary>
    public required NotificationEvent Event { get; init; }

    /// <summary>Where it stood on the broker.</summary>
    public required EventPosition Source { get; init; }

    /// <summary>The id of the event that has the same deduplication key and came first.</summary>
    public string? DuplicateOf { get; init; }

    /// <summary>When the service first saw it.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>When the event was accepted: its record's timestamp. Rows of an earlier version have none.</summary>
    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>When the whole event was cancelled.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>
    /// What it says; <see langword="null"/> where an earlier version has dispatched it, or where a recipient of it was erased.
    /// </summary>
    internal Fingerprint? Fingerprint { get; init; }

    /// <summary>What was cancelled before the event was dispatched.</summary>
    public CancelledParts CancelledParts { get; init; } = CancelledParts.None;

    /// <summary>Whether a delivery of this event was cancelled before it was decided.</summary>
    public bool IsCancelled(DeliveryId delivery) => CancelledAt is not null || CancelledParts.Cover(delivery);

    /// <summary>Whether the row stands for an event; where it does not, it only says what was cancelled before the event came.</summary>
    public static bool IsHead(TableRow row) => row.Has(ContentColumn);

    /// <summary>The row to insert.</summary>
    public TableRow ToTable(string eventHash)
    {
        var row = new TableRow(KeyedHashes.PartitionOf(eventHash), eventHash)
        {
            ["id"] = Event.Id,
            ["tenant"] = Event.Tenant,
            ["topic"] = Source.Topic,
            ["partition"] = Source.Partition,
            ["offset"] = Source.Offset,
            ["duplicateOf"] = DuplicateOf,
            ["seenAt"] = SeenAt,
            [Ledger.Fingerprint.Column] = Fingerprint?.ToString(),
            ["acceptedAt"] = AcceptedAt,
        };
        row.SetLarge(ContentColumn, Brotli.Compress(EventWriter.Write(DuplicateOf is null ? Event : OfNobody(Event))));
        return row;
    }

    /// <summary>A head's row with another content, to replace it.</summary>
    internal static TableRow WithContent(TableRow row, NotificationEvent notification)
    {
        row[Ledger.Fingerprint.Column] = null;
        row.RemoveLarge(ContentColumn);
        row.SetLarge(ContentColumn, Brotli.Compress(EventWriter.Write(notification)));
        return row;
    }

    /// <summary>Reads a row that <see cref="ToTable"/> wrote.</summary>
    public static EventRecord From(TableRow row)
    {
        var reading = EventReader.Read(Brotli.Decompress(row.Large(ContentColumn)!),
            new EventDefaults(Id: null, default) { IsStored = true });
        return new EventRecord
        {
            Event = reading.Event ?? throw new InvalidDataException("The stored event cannot be read: "
                + string.Join(' ', reading.Faults.Select(fault => fault.Code))),
            Source = new EventPosition(row.Text("topic")!, (int)row.Number("partition")!, row.Number("offset")!.Value),
            DuplicateOf = row.Text("duplicateOf"),
            SeenAt = row.Time("seenAt")!.Value,
            AcceptedAt = row.Time("acceptedAt"),
            CancelledAt = row.Time(CancelledAtColumn),
            Fingerprint = Ledger.Fingerprint.Parse(row.Text(Ledger.Fingerprint.Column)),
            CancelledParts = CancelledParts.From(row),
        };
    }

    // A duplicate has no deliveries, by which an erasure would find it. What it says is in the head of the event that it is a duplicate of.
    private static NotificationEvent OfNobody(NotificationEvent notification) =>
        notification with { Recipients = ["-"], Payload = Nothing, Template = null, DeduplicationKey = null };
}
