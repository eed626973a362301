using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>
/// The keys and columns of table <c>deliveries</c>, and nothing else knows them. The partition is the recipient's. Row keys:
/// <c>{delivery id}</c> a decision, <c>{delivery id}~{n}</c> an attempt, and before them, under <c>!</c>, what waits.
/// </summary>
internal static partial class DeliveryRows
{
    // Sorts behind every key of a delivery, or of a prefix.
    private const string Behind = "~";

    // Sorts behind '~' followed by any number.
    private const string BehindAttempts = "~~";

    // Longer than any provider's. One that would not fit into a property would fail what is written with it.
    private const int LongestMessageId = 1024;

    private const string At = "at";
    private const string Tenant = "tenant";
    private const string Recipient = "recipient";
    private const string EventId = "eventId";
    private const string Type = "type";
    private const string Due = "due";
    private const string Digest = "digest";
    private const string SeenReports = "seenReports";

    /// <summary>The keys of a decision's row.</summary>
    public static TableRow Key(DeliveryId id) => new(id.Partition, id.ToString());

    /// <summary>The keys of an attempt's row.</summary>
    public static TableRow Key(AttemptId id) => new(id.Delivery.Partition, id.ToString());

    /// <summary>The attempt whose row it is.</summary>
    public static AttemptId AttemptOf(TableRow row) =>
        AttemptId.TryParse(row.Key, out var id) ? id : throw new InvalidDataException("The row is no attempt row.");

    /// <summary>The decision's row.</summary>
    public static TableRow ToRow(DecisionRow decision) => new(decision.Id.Partition, decision.Id.ToString())
    {
        [EventId] = decision.EventId,
        [Tenant] = decision.Tenant,
        [Recipient] = decision.Recipient,
        ["priority"] = (int)decision.Priority,
        [Type] = (int)decision.Type,
        ["decision"] = (int)decision.Decision.Kind,
        ["reason"] = decision.Decision.Reason,
        [Due] = decision.Decision.Due,
        [At] = decision.At,
        [Digest] = decision.Digest,
        ["members"] = decision.Members,
    };

    /// <summary>Reads a decision's row.</summary>
    public static DecisionRow Decision(TableRow row) => new()
    {
        Id = DeliveryId.TryParse(row.Key, out var id) ? id : throw new InvalidDataException("The row is no decision row."),
        EventId = row.Text(EventId)!,
        Tenant = row.Text(Tenant),
        Recipient = row.Text(Recipient)!,
        Priority = (Priority)(int)row.Number("priority")!,
        Type = (EventType)(int)row.Number(Type)!,
        Decision = new Decision((DecisionKind)(int)row.Number("decision")!, row.Text("reason")!, row.Time(Due)),
        At = row.Time(At)!.Value,
        Digest = row.Text(Digest),
        Members = row.Text("members"),
    };

    /// <summary>The attempt's row, or a change of it; the ETag goes along.</summary>
    public static TableRow ToRow(AttemptRow attempt)
    {
        var row = new TableRow(attempt.Id.Delivery.Partition, attempt.Id.ToString())
        {
            ETag = attempt.ETag,
            [At] = attempt.At == default ? null : attempt.At,
            ["claim"] = attempt.Claim,
            ["deadline"] = attempt.Deadline,
            ["provider"] = attempt.Provider,
            ["tried"] = attempt.Tried.Count == 0 ? null : JsonSerializer.Serialize(attempt.Tried, NotifyJson.Options),
            ["address"] = attempt.Address,
            ["traceparent"] = attempt.TraceParent,
            ["sentAt"] = attempt.SentAt,
            ["messageId"] = attempt.MessageId is { Length: <= LongestMessageId } id ? id : null,
            ["retryAt"] = attempt.RetryAt,
            ["retryDue"] = attempt.RetryDue,
            ["retryReason"] = attempt.RetryReason,
            ["unknownAt"] = attempt.UnknownAt,
            ["unknownReason"] = attempt.UnknownReason,
            ["failedAt"] = attempt.FailedAt,
            ["failedReason"] = attempt.FailedReason,
            ["cancelledAt"] = attempt.CancelledAt,
            ["expiredAt"] = attempt.ExpiredAt,
            ["suppressedAt"] = attempt.SuppressedAt,
            ["suppressedReason"] = attempt.SuppressedReason,
            ["deliveredAt"] = attempt.DeliveredAt,
            ["bouncedAt"] = attempt.BouncedAt,
            ["bouncedReason"] = attempt.BouncedReason,
            [SeenReports] = attempt.SeenReports.Count == 0 ? null : string.Join(' ', attempt.SeenReports),
        };
        foreach (var engagement in attempt.Engagements)
        {
            row[engagement.Kind + "At"] = engagement.FirstAt;
            row[engagement.Kind + "Count"] = engagement.Count;
        }
        return row;
    }

    /// <summary>Reads an attempt's row.</summary>
    public static AttemptRow Attempt(TableRow row) => new()
    {
        Id = AttemptOf(row),
        ETag = row.ETag,
        At = row.Time(At) ?? default,
        Claim = row.Text("claim"),
        Deadline = row.Time("deadline"),
        Provider = row.Text("provider"),
        Tried = row.Text("tried") is { } tried ? JsonSerializer.Deserialize<List<FailedTry>>(tried, NotifyJson.Options)! : [],
        Address = row.Text("address"),
        TraceParent = row.Text("traceparent"),
        SentAt = row.Time("sentAt"),
        MessageId = row.Text("messageId"),
        RetryAt = row.Time("retryAt"),
        RetryDue = row.Time("retryDue"),
        RetryReason = row.Text("retryReason"),
        UnknownAt = row.Time("unknownAt"),
        UnknownReason = row.Text("unknownReason"),
        FailedAt = row.Time("failedAt"),
        FailedReason = row.Text("failedReason"),
        CancelledAt = row.Time("cancelledAt"),
        ExpiredAt = row.Time("expiredAt"),
        SuppressedAt = row.Time("suppressedAt"),
        SuppressedReason = row.Text("suppressedReason"),
        DeliveredAt = row.Time("deliveredAt"),
        BouncedAt = row.Time("bouncedAt"),
        BouncedReason = row.Text("bouncedReason"),
        Engagements = [.. Engagement.Kinds.Select(kind => ReadEngagement(row, kind)).OfType<Engagement>()],
        SeenReports = (row.Text(SeenReports) ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries),
    };

    /// <summary>The row that says for whom a delivery was, without saying it.</summary>
    public static TableRow Anonymous(DeliveryId id) => new(id.Partition, id.ToString()) { [Recipient] = ErasedIds.For(id.RecipientHash) };

    /// <summary>A delivery's decision and attempts.</summary>
    public static RowRange RangeOf(DeliveryId id) => new(id.Partition, id.ToString(), id + BehindAttempts);

    /// <summary>A recipient's deliveries, behind one of them where there is one.</summary>
    public static RowRange RangeOfRecipient(string recipientHash, DeliveryId? after = null) => new(
        KeyedHashes.PartitionOf(recipientHash), after is { } id ? id + BehindAttempts : recipientHash + ".", recipientHash + "." + Behind);

    /// <summary>What begins like this.</summary>
    public static RowRange RangeOfPrefix(string prefix) => new(KeyedHashes.PartitionOf(prefix), prefix, prefix + Behind);

    /// <summary>Every delivery of a partition; what waits sorts before.</summary>
    public static RowRange RangeOfDeliveries(string partition) => new(partition, "0", Behind);

    private static Engagement? ReadEngagement(TableRow row, string kind) =>
        row.Time(kind + "At") is { } at ? new Engagement(kind, at, (int)(row.Number(kind + "Count") ?? 1)) : null;
}

/// <summary>A range of keys of one partition: from this, to before that.</summary>
internal readonly record struct RowRange(string Partition, string From, string To);
