namespace Notify.Functions.Ledger;

/// <summary>The public state of a delivery.</summary>
public enum DeliveryStatus
{
    /// <summary>Decided to be sent, or being sent, or waiting for another try.</summary>
    Pending,

    /// <summary>Waiting for, or part of, a digest.</summary>
    Batched,

    /// <summary>Not sent, by a rule.</summary>
    Suppressed,

    /// <summary>Not sent: too late.</summary>
    Expired,

    /// <summary>Not sent: withdrawn.</summary>
    Cancelled,

    /// <summary>The provider took it.</summary>
    Sent,

    /// <summary>Given up, by the provider or by us.</summary>
    Failed,

    /// <summary>It arrived.</summary>
    Delivered,

    /// <summary>It came back.</summary>
    Bounced,
}

/// <summary>The one rule that makes a status out of what is recorded. Only presence counts, never order of arrival.</summary>
internal static class StatusRule
{
    /// <summary>The status of a delivery.</summary>
    /// <param name="decision">Its decision row.</param>
    /// <param name="attempts">Its attempt rows, in any order.</param>
    public static DeliveryStatus Of(DecisionRow decision, IReadOnlyCollection<AttemptRow> attempts) =>
        attempts.MaxBy(attempt => attempt.Id.Number) is { } highest ? Of(highest) : Of(decision.Decision.Kind);

    private static DeliveryStatus Of(AttemptRow attempt) => attempt switch
    {
        { BouncedAt: not null } => DeliveryStatus.Bounced,
        { DeliveredAt: not null } => DeliveryStatus.Delivered,
        { FailedAt: not null } => DeliveryStatus.Failed,
        { SentAt: not null } => DeliveryStatus.Sent,
        { CancelledAt: not null } => DeliveryStatus.Cancelled,
        { ExpiredAt: not null } => DeliveryStatus.Expired,
        { SuppressedAt: not null } => DeliveryStatus.Suppressed,
        _ => DeliveryStatus.Pending,
    };

    private static DeliveryStatus Of(DecisionKind kind) => kind switch
    {
        DecisionKind.Send or DecisionKind.Defer => DeliveryStatus.Pending,
        DecisionKind.Batch => DeliveryStatus.Batched,
        DecisionKind.Suppress => DeliveryStatus.Suppressed,
        DecisionKind.Expire => DeliveryStatus.Expired,
        DecisionKind.Cancel => DeliveryStatus.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a decision."),
    };
}
