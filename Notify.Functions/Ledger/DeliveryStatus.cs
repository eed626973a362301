using System.Diagnostics.CodeAnalysis;

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

/// <summary>
/// The one rule that makes a status out of what is recorded: what the recipient has. Only presence counts, never order of arrival.
/// <c>docs/status.md</c> has it as tables, which a test reads.
/// </summary>
internal static class StatusRule
{
    /// <summary>The status of a delivery.</summary>
    /// <param name="decision">Its decision row.</param>
    /// <param name="attempts">Its attempt rows, in any order.</param>
    public static DeliveryStatus Apply(DecisionRow decision, IReadOnlyCollection<AttemptRow> attempts) =>
        Deciding(attempts) is { } attempt ? Apply(attempt) : Apply(decision.Decision.Kind);

    /// <summary>The status of a delivery that a digest may have taken in.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="digest">Its digest, where it has one.</param>
    public static DeliveryStatus Apply(DeliveryRecord delivery, DeliveryRecord? digest) =>
        Follows(delivery, digest) ? Apply(digest.Decision, digest.Attempts) : Apply(delivery.Decision, delivery.Attempts);

    /// <summary>
    /// Whether a delivery has what its digest has. Before the digest has come to anything it is batched; what is said of the delivery
    /// itself outranks the digest.
    /// </summary>
    public static bool Follows(DeliveryRecord delivery, [NotNullWhen(true)] DeliveryRecord? digest) =>
        delivery.Attempts.Count == 0 && digest is not null && Apply(digest.Decision, digest.Attempts) != DeliveryStatus.Pending;

    /// <summary>The attempt whose status is the delivery's: one that has arrived, else one that a provider has, else the last.</summary>
    public static AttemptRow? Deciding(IReadOnlyCollection<AttemptRow> attempts) => attempts.MaxBy(attempt => (
        Apply(attempt) switch { DeliveryStatus.Delivered => 2, DeliveryStatus.Sent => 1, _ => 0 }, attempt.Id.Number));

    private static DeliveryStatus Apply(AttemptRow attempt) => attempt switch
    {
        { BouncedAt: not null } => DeliveryStatus.Bounced,
        // What was opened has arrived, even if that report is late or lost.
        { DeliveredAt: not null } or { Engagements.Count: > 0 } => DeliveryStatus.Delivered,
        { FailedAt: not null, IsGivenUp: false } => DeliveryStatus.Failed,
        { SentAt: not null } => DeliveryStatus.Sent,
        { FailedAt: not null } => DeliveryStatus.Failed,
        { CancelledAt: not null } => DeliveryStatus.Cancelled,
        { ExpiredAt: not null } => DeliveryStatus.Expired,
        { SuppressedAt: not null } => DeliveryStatus.Suppressed,
        _ => DeliveryStatus.Pending,
    };

    private static DeliveryStatus Apply(DecisionKind kind) => kind switch
    {
        DecisionKind.Send or DecisionKind.Defer => DeliveryStatus.Pending,
        DecisionKind.Batch => DeliveryStatus.Batched,
        DecisionKind.Suppress => DeliveryStatus.Suppressed,
        DecisionKind.Expire => DeliveryStatus.Expired,
        DecisionKind.Cancel => DeliveryStatus.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a decision."),
    };
}
