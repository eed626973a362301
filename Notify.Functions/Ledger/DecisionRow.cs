using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>The row that says what was decided for a delivery. Inserted once; the first decision stands.</summary>
public sealed record DecisionRow
{
    /// <summary>The delivery, and the row's key.</summary>
    public required DeliveryId Id { get; init; }

    /// <summary>The event's own id.</summary>
    public required string EventId { get; init; }

    /// <summary>The tenant, if any.</summary>
    public string? Tenant { get; init; }

    /// <summary>The recipient as the producer named it.</summary>
    public required string Recipient { get; init; }

    /// <summary>The event's priority.</summary>
    public required Priority Priority { get; init; }

    /// <summary>The event's type.</summary>
    public required EventType Type { get; init; }

    /// <summary>What was decided.</summary>
    public required Decision Decision { get; init; }

    /// <summary>When, by the dispatcher's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The delivery id of the digest that took it in, once it has.</summary>
    public string? Digest { get; init; }

    /// <summary>For a digest's own row: the delivery ids of its members, separated by spaces.</summary>
    public string? Members { get; init; }

    /// <summary>The row to insert.</summary>
    public TableRow ToTable() => new(Id.Partition, Id.ToString())
    {
        ["eventId"] = EventId,
        ["tenant"] = Tenant,
        [RecipientColumn] = Recipient,
        ["priority"] = (int)Priority,
        ["type"] = (int)Type,
        ["decision"] = (int)Decision.Kind,
        ["reason"] = Decision.Reason,
        ["due"] = Decision.Due,
        ["at"] = At,
        [DigestColumn] = Digest,
        [MembersColumn] = Members,
    };

    /// <summary>Reads a row that <see cref="ToTable"/> wrote.</summary>
    public static DecisionRow From(TableRow row)
    {
        if (!DeliveryId.TryParse(row.Key, out var id))
        {
            throw new InvalidDataException("The row is no decision row.");
        }
        return new DecisionRow
        {
            Id = id,
            EventId = row.Text("eventId")!,
            Tenant = row.Text("tenant"),
            Recipient = row.Text(RecipientColumn)!,
            Priority = (Priority)(int)row.Number("priority")!,
            Type = (EventType)(int)row.Number("type")!,
            Decision = new Decision((DecisionKind)(int)row.Number("decision")!, row.Text("reason")!, row.Time("due")),
            At = row.Time("at")!.Value,
            Digest = row.Text(DigestColumn),
            Members = row.Text(MembersColumn),
        };
    }

    /// <summary>The column of <see cref="Recipient"/>.</summary>
    internal const string RecipientColumn = "recipient";

    /// <summary>The column of <see cref="Digest"/>, merged when a digest closes.</summary>
    internal const string DigestColumn = "digest";

    /// <summary>The column of <see cref="Members"/>.</summary>
    internal const string MembersColumn = "members";
}
