using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>Decides what follows an attempt: a quick retry, another provider, a later attempt, or none.</summary>
public sealed class RetryPolicy(IOptions<SendingOptions> options)
{
    // A queue message stays invisible for at most seven days, and an outage of a day is not a transient fault.
    internal static readonly TimeSpan MaxPause = TimeSpan.FromDays(1);

    // A longer pause belongs into the queue: a waiting function costs money.
    private static readonly TimeSpan MaxQuickPause = TimeSpan.FromSeconds(5);

    // Longer than a running sender pauses between two writes of an outcome: its response may only be late.
    private static readonly TimeSpan LateResponse = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<TimeSpan> _bulk = SendingOptions.Pauses(options.Value.RetryBulk) ?? [];
    private readonly IReadOnlyList<TimeSpan> _urgent = SendingOptions.Pauses(options.Value.RetryUrgent) ?? [];

    /// <summary>The pause after a failed attempt; <see langword="null"/> after the last attempt.</summary>
    /// <param name="priority">The event's priority.</param>
    /// <param name="attempt">The number of the failed attempt, from 1.</param>
    /// <param name="retryAfter">The pause that the provider asks for. The result is never shorter, unless it asks for more than a
    /// day.</param>
    public TimeSpan? PauseAfter(Priority priority, int attempt, TimeSpan? retryAfter)
    {
        var pauses = priority.IsUrgent() ? _urgent : _bulk;
        if (attempt > pauses.Count)
        {
            return null;
        }
        var pause = retryAfter > pauses[attempt - 1] ? retryAfter.Value : pauses[attempt - 1];
        return pause < MaxPause ? pause : MaxPause;
    }

    /// <summary>
    /// True if an event of this type is sent again after a provider's response was lost. A duplicate password reset is better than none; a
    /// duplicate advertisement is not.
    /// </summary>
    public static bool ResendsAfterLostResponse(EventType type) => type != EventType.Marketing;

    /// <summary>The row that records the outcome of an attempt, with what follows from it.</summary>
    internal AttemptRow RowFor(SendOutcome outcome, DateTimeOffset now) =>
        RowFor(outcome.Work, outcome.Result, now) with
        {
            Provider = outcome.Provider,
            TraceParent = outcome.TraceParent,
            Tried = outcome.Tried
        };

    /// <summary>The row of an attempt whose response was lost.</summary>
    internal AttemptRow LostResponse(SendWork work, string reason, DateTimeOffset now)
    {
        var resends = ResendsAfterLostResponse(work.Event.Type);
        var row = resends && PauseAfter(work.Event.Priority, work.Attempt.Number, LateResponse) is { } pause
            ? Retry(work, reason, pause, now)
            : Failed(work, resends ? DeliveryReasons.RetriesUsedUp : DeliveryReasons.AmbiguousDropped, now);
        return row with { UnknownAt = now, UnknownReason = reason };
    }

    /// <summary>The row of an attempt that failed: with the time of the next attempt, or failed for good after the last.</summary>
    internal AttemptRow RetryOrFail(SendWork work, string reason, TimeSpan? retryAfter, DateTimeOffset now) =>
        PauseAfter(work.Event.Priority, work.Attempt.Number, retryAfter) is { } pause
            ? Retry(work, reason, pause, now)
            : Failed(work, $"{DeliveryReasons.RetriesUsedUp}: {reason}", now);

    /// <summary>The row of an attempt that failed for good.</summary>
    internal static AttemptRow Failed(SendWork work, string reason, DateTimeOffset now) =>
        new() { Id = work.Attempt, FailedAt = now, FailedReason = reason };

    /// <summary>
    /// Why another provider may be tried: the provider certainly did not accept the message. Else <see langword="null"/>.
    /// </summary>
    internal static string? FailoverReason(SendResult result) =>
        result is SendResult.RateLimited or SendResult.Unavailable or SendResult.AccountRefused ? result.WhyNot() : null;

    /// <summary>True if the request may be repeated within the same attempt.</summary>
    internal static bool AllowsQuickRetry(SendResult result) =>
        result is SendResult.RateLimited or SendResult.Unavailable && !(RetryAfter(result) > MaxQuickPause);

    /// <summary>The pause that the provider asks for.</summary>
    internal static TimeSpan? RetryAfter(SendResult result) => result switch
    {
        SendResult.RateLimited { RetryAfter: var pause } => pause,
        SendResult.Unavailable { RetryAfter: var pause } => pause,
        _ => null,
    };

    private AttemptRow RowFor(SendWork work, SendResult result, DateTimeOffset now) => result switch
    {
        SendResult.Accepted accepted => new AttemptRow
        {
            Id = work.Attempt,
            SentAt = now,
            MessageId = accepted.ProviderMessageId,
            DeliveredAt = accepted.Delivered ? now : null,
        },
        SendResult.Rejected rejected => Failed(work, rejected.Reason, now),
        SendResult.Unknown unknown => LostResponse(work, unknown.Reason, now),
        SendResult.RateLimited limited => RetryOrFail(work, limited.Reason, limited.RetryAfter, now),
        SendResult.Unavailable unavailable => RetryOrFail(work, unavailable.Reason, unavailable.RetryAfter, now),
        SendResult.AccountRefused refused => RetryOrFail(work, refused.Reason, retryAfter: null, now),
        SendResult.TooLate => RetryOrFail(work, DeliveryReasons.ClaimTooLate, retryAfter: null, now),
        SendResult.TargetBusy busy => RetryOrFail(work, busy.Reason, busy.RetryAfter, now),
        _ => throw new InvalidOperationException("Unexpected result of a send: " + result.GetType().Name),
    };

    private static AttemptRow Retry(SendWork work, string reason, TimeSpan pause, DateTimeOffset now) =>
        new() { Id = work.Attempt, RetryAt = now, RetryDue = now + pause, RetryReason = reason };
}
