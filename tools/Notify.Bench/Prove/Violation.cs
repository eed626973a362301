using System.Globalization;
using Notify.Functions.Ledger;

namespace Notify.Bench.Prove;

/// <summary>What is not as it should be.</summary>
/// <param name="Kind">In which way.</param>
/// <param name="What">What, in a sentence.</param>
/// <param name="Delivery">The delivery, where it is about one.</param>
/// <param name="Timeline">What the ledger has on it.</param>
internal sealed record Violation(ViolationKind Kind, string What, string? Delivery = null, IReadOnlyList<string>? Timeline = null)
{
    /// <summary>The facts of a delivery, a line each.</summary>
    public static IReadOnlyList<string> TimelineOf(DecisionRow decision, IReadOnlyList<AttemptRow> attempts) =>
    [
        string.Create(
            CultureInfo.InvariantCulture,
            $"{decision.At:HH:mm:ss.fff} decided: {decision.Decision.Kind} ({decision.Decision.Reason}) "
            + $"{(decision.Digest is null ? "" : "digest " + decision.Digest)}"),
        .. attempts.OrderBy(attempt => attempt.Id.Number).SelectMany(attempt => new (DateTimeOffset? At, string What)[]
        {
            (attempt.At, $"claimed by {attempt.FirstProvider}"), (attempt.SentAt, $"sent as {attempt.MessageId}"),
            (attempt.RetryAt, $"to be tried again: {attempt.RetryReason}"),
            (attempt.UnknownAt, $"answer lost: {attempt.UnknownReason}"), (attempt.FailedAt, $"failed: {attempt.FailedReason}"),
            (attempt.DeliveredAt, "delivered"), (attempt.BouncedAt, $"bounced: {attempt.BouncedReason}"),
            (attempt.ExpiredAt, "expired"), (attempt.CancelledAt, "cancelled"),
            (attempt.SuppressedAt, $"suppressed: {attempt.SuppressedReason}"),
        }.Concat(attempt.Tried.Select(one => (At: (DateTimeOffset?)one.At, What: $"not accepted by {one.Provider}: {one.Reason}")))
            .Where(fact => fact.At is not null).OrderBy(fact => fact.At)
            .Select(fact => FormattableString.Invariant($"{fact.At:HH:mm:ss.fff} attempt {attempt.Id.Number} {fact.What}"))),
    ];
}

/// <summary>The kinds of finding.</summary>
internal enum ViolationKind
{
    /// <summary>It was accepted, and nothing final became of it.</summary>
    Lost,

    /// <summary>It was sent twice, and nothing that the service knows explains it.</summary>
    Doubled,

    /// <summary>Ledger and providers contradict each other, or there is something that nobody asked for.</summary>
    Unexplained,

    /// <summary>It reached a provider after its attempt's claim had run out: somebody else may have sent it by then.</summary>
    Late,

    /// <summary>It was sent twice, and the ledger says that the first answer was lost: the gap that no sender can close.</summary>
    InTheGap,
}
