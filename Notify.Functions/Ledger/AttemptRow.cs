namespace Notify.Functions.Ledger;

/// <summary>
/// One attempt to send. It is inserted before the sending, with a claim; later it takes the facts of this attempt, each set once, in
/// whatever order they come. As a change, it has only what is to be added.
/// </summary>
public sealed record AttemptRow
{
    /// <summary>The attempt, and the row's key.</summary>
    public required AttemptId Id { get; init; }

    /// <summary>The version that was read.</summary>
    public string? ETag { get; init; }

    /// <summary>When the attempt was claimed; <see langword="default"/> where that is not said.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Names the sender that owns the attempt.</summary>
    public string? Claim { get; init; }

    /// <summary>Until when the claim is to be left alone.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The provider that was tried.</summary>
    public string? Provider { get; init; }

    /// <summary>The providers that were tried before <see cref="Provider"/> and have not accepted it, in order.</summary>
    public IReadOnlyList<FailedTry> Tried { get; init; } = [];

    /// <summary>The provider that it was claimed for.</summary>
    public string? FirstProvider => Tried is [var first, ..] ? first.Provider : Provider;

    /// <summary>The hash of the address, on channels that have one address.</summary>
    public string? Address { get; init; }

    /// <summary>The span that reports belong to: the request's, or before there is one, that of whatever enqueued it.</summary>
    public string? TraceParent { get; init; }

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

    /// <summary>Whether it was we who gave it up: a provider that says later that it has the message knows better.</summary>
    public bool IsGivenUp => FailedAt is not null && FailedReason is { } reason && DeliveryReasons.IsOurs(reason);

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

    /// <summary>Opened, clicked, complained, unsubscribed, resubscribed: first time and count.</summary>
    public IReadOnlyList<Engagement> Engagements { get; init; } = [];

    /// <summary>The names of the reports of engagements that were counted last.</summary>
    public IReadOnlyList<string> SeenReports { get; init; } = [];

    /// <summary>The attempt that says that a delivery is not to be sent any more.</summary>
    /// <param name="id">The attempt.</param>
    /// <param name="decision">To suppress, expire or cancel.</param>
    /// <param name="now">When that was found.</param>
    public static AttemptRow Withheld(AttemptId id, Decision decision, DateTimeOffset now) => decision.Kind switch
    {
        DecisionKind.Suppress => new() { Id = id, At = now, SuppressedAt = now, SuppressedReason = decision.Reason },
        DecisionKind.Expire => new() { Id = id, At = now, ExpiredAt = now },
        DecisionKind.Cancel => new() { Id = id, At = now, CancelledAt = now },
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision.Kind, "The delivery is to be sent."),
    };

    /// <summary>Whether a provider has, or had, the message: then another attempt would be a second one.</summary>
    public bool IsAtProvider => SentAt is not null || DeliveredAt is not null || BouncedAt is not null || Engagements.Count > 0;

    /// <summary>Whether the attempt needs no sending any more.</summary>
    public bool HasOutcome =>
        IsAtProvider || RetryAt is not null || UnknownAt is not null || FailedAt is not null || CancelledAt is not null
        || ExpiredAt is not null || SuppressedAt is not null;
}

/// <summary>A provider that has not accepted an attempt, which then went to another one.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Reason">Its code.</param>
/// <param name="At">When it answered.</param>
public sealed record FailedTry(string Provider, string Reason, DateTimeOffset At);

/// <summary>What a recipient did with a message.</summary>
/// <param name="Kind"><c>opened</c>, <c>clicked</c>, <c>complained</c>, <c>unsubscribed</c> or <c>resubscribed</c>.</param>
/// <param name="FirstAt">The first time, by the provider's clock.</param>
/// <param name="Count">How often it was reported.</param>
public sealed record Engagement(string Kind, DateTimeOffset FirstAt, int Count)
{
    /// <summary>Every kind.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["opened", "clicked", "complained", "unsubscribed", "resubscribed"];
}
