using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>
/// The row of one attempt to send. It is inserted before the sending, with a claim; later it takes the facts of this attempt, each set
/// once, in whatever order they come.
/// </summary>
public sealed record AttemptRow
{
    /// <summary>The attempt, and the row's key.</summary>
    public required AttemptId Id { get; init; }

    /// <summary>The version that was read.</summary>
    public string? ETag { get; init; }

    /// <summary>When the attempt was claimed.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Names the sender that owns the attempt.</summary>
    public string? Claim { get; init; }

    /// <summary>Until when the claim is to be left alone.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The provider that was tried.</summary>
    public string? Provider { get; init; }

    /// <summary>The hash of the address, on channels that have one address.</summary>
    public string? Address { get; init; }

    /// <summary>When the provider accepted it.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>The provider's own message id.</summary>
    public string? MessageId { get; init; }

    /// <summary>When it was found that another attempt is needed.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>When the next attempt is due.</summary>
    public DateTimeOffset? RetryDue { get; init; }

    /// <summary>Why another attempt is needed.</summary>
    public string? RetryReason { get; init; }

    /// <summary>When the answer of the provider was found to be lost.</summary>
    public DateTimeOffset? UnknownAt { get; init; }

    /// <summary>What became of the answer.</summary>
    public string? UnknownReason { get; init; }

    /// <summary>When it was given up.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Why it was given up: the provider's code.</summary>
    public string? FailedReason { get; init; }

    /// <summary>When it was withdrawn.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>When it was found to be too late.</summary>
    public DateTimeOffset? ExpiredAt { get; init; }

    /// <summary>When a rule was found to forbid it, which had not when it was decided.</summary>
    public DateTimeOffset? SuppressedAt { get; init; }

    /// <summary>The rule that forbids it.</summary>
    public string? SuppressedReason { get; init; }

    /// <summary>When it arrived.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>When it came back.</summary>
    public DateTimeOffset? BouncedAt { get; init; }

    /// <summary>Why it came back: the provider's code.</summary>
    public string? BouncedReason { get; init; }

    /// <summary>Opened, clicked, complained, unsubscribed: first time and count.</summary>
    public IReadOnlyList<Engagement> Engagements { get; init; } = [];

    /// <summary>Whether the attempt needs no sending any more.</summary>
    public bool HasOutcome =>
        SentAt is not null || RetryAt is not null || UnknownAt is not null || FailedAt is not null || CancelledAt is not null
        || ExpiredAt is not null || SuppressedAt is not null || DeliveredAt is not null || BouncedAt is not null;

    /// <summary>Reads a row of the ledger.</summary>
    public static AttemptRow From(TableRow row)
    {
        if (!AttemptId.TryParse(row.Key, out var id))
        {
            throw new InvalidDataException("The row is no attempt row.");
        }
        return new AttemptRow
        {
            Id = id,
            ETag = row.ETag,
            At = row.Time(AttemptColumns.At) ?? default,
            Claim = row.Text(AttemptColumns.Claim),
            Deadline = row.Time(AttemptColumns.Deadline),
            Provider = row.Text(AttemptColumns.Provider),
            Address = row.Text(AttemptColumns.Address),
            SentAt = row.Time(AttemptColumns.SentAt),
            MessageId = row.Text(AttemptColumns.MessageId),
            RetryAt = row.Time(AttemptColumns.RetryAt),
            RetryDue = row.Time(AttemptColumns.RetryDue),
            RetryReason = row.Text(AttemptColumns.RetryReason),
            UnknownAt = row.Time(AttemptColumns.UnknownAt),
            UnknownReason = row.Text(AttemptColumns.UnknownReason),
            FailedAt = row.Time(AttemptColumns.FailedAt),
            FailedReason = row.Text(AttemptColumns.FailedReason),
            CancelledAt = row.Time(AttemptColumns.CancelledAt),
            ExpiredAt = row.Time(AttemptColumns.ExpiredAt),
            SuppressedAt = row.Time(AttemptColumns.SuppressedAt),
            SuppressedReason = row.Text(AttemptColumns.SuppressedReason),
            DeliveredAt = row.Time(AttemptColumns.DeliveredAt),
            BouncedAt = row.Time(AttemptColumns.BouncedAt),
            BouncedReason = row.Text(AttemptColumns.BouncedReason),
            Engagements = [.. Engagement.Kinds.Select(kind => Engagement.From(row, kind)).OfType<Engagement>()],
        };
    }
}

/// <summary>What a recipient did with a message.</summary>
/// <param name="Kind"><c>opened</c>, <c>clicked</c>, <c>complained</c> or <c>unsubscribed</c>.</param>
/// <param name="FirstAt">The first time, by the provider's clock.</param>
/// <param name="Count">How often it was reported.</param>
public sealed record Engagement(string Kind, DateTimeOffset FirstAt, int Count)
{
    /// <summary>Every kind.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["opened", "clicked", "complained", "unsubscribed"];

    /// <summary>The column of the first time.</summary>
    public static string AtColumn(string kind) => kind + "At";

    /// <summary>The column of the count.</summary>
    public static string CountColumn(string kind) => kind + "Count";

    internal static Engagement? From(TableRow row, string kind) =>
        row.Time(AtColumn(kind)) is { } at ? new Engagement(kind, at, (int)(row.Number(CountColumn(kind)) ?? 1)) : null;
}

/// <summary>The columns of an attempt row.</summary>
internal static class AttemptColumns
{
    public const string At = "at";
    public const string Claim = "claim";
    public const string Deadline = "deadline";
    public const string Provider = "provider";

    /// <summary>The hash of the address that it went to, where there is one.</summary>
    public const string Address = "address";

    /// <summary>The span that reports belong to: the request's, or before there is one, that of whatever enqueued it.</summary>
    public const string TraceParent = "traceparent";
    public const string SentAt = "sentAt";
    public const string MessageId = "messageId";
    public const string RetryAt = "retryAt";
    public const string RetryDue = "retryDue";
    public const string RetryReason = "retryReason";
    public const string UnknownAt = "unknownAt";
    public const string UnknownReason = "unknownReason";
    public const string FailedAt = "failedAt";
    public const string FailedReason = "failedReason";
    public const string CancelledAt = "cancelledAt";
    public const string ExpiredAt = "expiredAt";
    public const string SuppressedAt = "suppressedAt";
    public const string SuppressedReason = "suppressedReason";
    public const string DeliveredAt = "deliveredAt";
    public const string BouncedAt = "bouncedAt";
    public const string BouncedReason = "bouncedReason";
}
