using Microsoft.Extensions.Logging;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>Writes down what became of attempts: first the fact, then, elsewhere, what follows from it.</summary>
public sealed partial class AttemptFacts(DeliveryTable deliveries, RetrySchedule schedule, PatientPipeline patient, NotifyMetrics metrics, TimeProvider time, ILogger<AttemptFacts> logger)
{
    // Longer than a living sender pauses between two tries to record: its answer may only be late.
    private static readonly TimeSpan TimeForTheAnswer = TimeSpan.FromSeconds(10);

    /// <summary>Records every outcome and returns the attempts as they now stand, as far as this sender knows.</summary>
    public async Task<IReadOnlyList<RecordedAttempt>> RecordAsync(IReadOnlyList<SendOutcome> outcomes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var recorded = outcomes.Select(outcome => new RecordedAttempt(outcome.Work, Fact(outcome, now))).ToList();
        var missing = await patient.RunAsync(
            token => deliveries.MergeAttemptsAsync(recorded.Select(one => one.Row), token), cancellationToken);
        if (missing.Count > 0)
        {
            Erased(missing.Count);
        }
        foreach (var group in outcomes.GroupBy(outcome => (outcome.Provider, Result: outcome.Result.GetType().Name)))
        {
            Outcomes(group.Key.Provider, group.Count(), group.Key.Result, group.First().Work.Attempt.ToString());
        }
        recorded.ForEach(Measure);
        return recorded;
    }

    private void Measure(RecordedAttempt recorded)
    {
        var (work, row) = recorded;
        var channel = row.Id.Delivery.Channel;
        if (row.SentAt is { } sent)
        {
            metrics.Sent(channel, row.Provider!);
            metrics.Latency(channel, work.Event.Priority, sent - (work.Delivery.Due ?? row.Id.Delivery.CreatedAt));
        }
        if (row.UnknownAt is not null)
        {
            metrics.Ambiguous(channel, row.Provider, row.UnknownReason!);
        }
        if (row.RetryReason is { } why)
        {
            metrics.Retried(channel, row.Provider, why);
        }
        if (row.FailedReason is { } reason)
        {
            metrics.Failed(channel, row.Provider, reason);
        }
    }

    /// <summary>Records that deliveries came too late, and returns those that were tried already: their attempts stand.</summary>
    public async Task<IReadOnlyList<ClaimConflict>> RecordExpiredAsync(IReadOnlyList<SendWork> late, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (expired, tried) = await InsertAsync(late, work => new AttemptRow { Id = work.Attempt, At = now, ExpiredAt = now }, cancellationToken);
        foreach (var one in expired)
        {
            metrics.Withheld(one.Row.Id.Delivery.Channel, Reasons.Expired);
        }
        return tried;
    }

    /// <summary>Records that deliveries are given up without having been tried, and returns apart those that were tried after all: their attempts stand.</summary>
    public async Task<(IReadOnlyList<RecordedAttempt> GivenUp, IReadOnlyList<ClaimConflict> Tried)> RecordGivenUpAsync(
        IReadOnlyList<SendWork> untried, string reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (givenUp, tried) = await InsertAsync(untried, work => Failed(work, reason, now) with { At = now }, cancellationToken);
        foreach (var one in givenUp)
        {
            Measure(one);
        }
        return (givenUp, tried);
    }

    private async Task<(IReadOnlyList<RecordedAttempt> Inserted, IReadOnlyList<ClaimConflict> Tried)> InsertAsync(
        IReadOnlyList<SendWork> chunk, Func<SendWork, AttemptRow> fact, CancellationToken cancellationToken)
    {
        var rows = chunk.Select(work => new RecordedAttempt(work, fact(work))).ToList();
        var existing = await patient.RunAsync(token => deliveries.InsertAttemptsAsync(rows.Select(one => one.Row), token), cancellationToken);
        return (
            [.. rows.Where(one => !existing.ContainsKey(one.Row.Id))],
            [.. rows.Where(one => existing.ContainsKey(one.Row.Id)).Select(one => new ClaimConflict(one.Work, existing[one.Row.Id]))]);
    }

    /// <summary>Records that a delivery is not to be sent any more, and why, unless it was tried already.</summary>
    /// <param name="work">The delivery.</param>
    /// <param name="decision">To suppress, expire or cancel.</param>
    /// <param name="cancellationToken">Cancels the recording.</param>
    public async Task RecordWithheldAsync(SendWork work, Decision decision, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var ending = new AttemptRow { Id = work.Attempt, At = now };
        ending = decision.Kind switch
        {
            DecisionKind.Suppress => ending with { SuppressedAt = now, SuppressedReason = decision.Reason },
            DecisionKind.Expire => ending with { ExpiredAt = now },
            DecisionKind.Cancel => ending with { CancelledAt = now },
            _ => throw new ArgumentOutOfRangeException(nameof(decision), decision.Kind, "The delivery is to be sent."),
        };
        var existing = await patient.RunAsync(token => deliveries.InsertAttemptsAsync([ending], token), cancellationToken);
        if (existing.Count == 0)
        {
            metrics.Withheld(work.Attempt.Delivery.Channel, decision.Reason);
        }
    }

    /// <summary>
    /// Records that the answer of an attempt is lost, unless it has changed since it was read; the attempt as it then stands.
    /// </summary>
    public Task<AttemptRow?> RecordUnknownAsync(SendWork work, AttemptRow found, string reason, CancellationToken cancellationToken) =>
        patient.RunAsync(
            async token =>
            {
                var change = UnknownFact(work, reason, time.GetUtcNow()) with { ETag = found.ETag };
                if ((await deliveries.MergeAttemptsAsync([change], token)).Count == 0)
                {
                    metrics.Ambiguous(work.Attempt.Delivery.Channel, found.Provider, reason);
                }
                return await deliveries.FindAttemptAsync(work.Attempt, token);
            },
            cancellationToken);

    // Another provider than the one that was claimed for, where that one has not accepted.
    private AttemptRow Fact(SendOutcome outcome, DateTimeOffset now) =>
        Fact(outcome.Work, outcome.Result, now) with { Provider = outcome.Provider, TraceParent = outcome.TraceParent };

    private AttemptRow Fact(SendWork work, SendResult result, DateTimeOffset now) => result switch
    {
        SendResult.Accepted accepted => new AttemptRow
        {
            Id = work.Attempt,
            SentAt = now,
            MessageId = accepted.ProviderMessageId,
            DeliveredAt = accepted.Delivered ? now : null,
        },
        SendResult.Rejected rejected => Failed(work, rejected.Reason, now),
        SendResult.Unknown unknown => UnknownFact(work, unknown.Reason, now),
        SendResult.RateLimited limited => RetryOrFail(work, limited.Reason, limited.RetryAfter, now),
        SendResult.Unavailable unavailable => RetryOrFail(work, unavailable.Reason, unavailable.RetryAfter, now),
        _ => throw new InvalidOperationException("A send has no such result: " + result.GetType().Name),
    };

    private AttemptRow UnknownFact(SendWork work, string reason, DateTimeOffset now)
    {
        var policy = AmbiguousSendPolicy.For(work.Event.Type);
        var next = policy == AmbiguousSend.Resend ? schedule.After(work.Event.Priority, work.Attempt.Number, TimeForTheAnswer) : null;
        var fact = next is { } pause ? Retry(work, reason, pause, now)
            : Failed(work, policy == AmbiguousSend.Drop ? Reasons.AmbiguousDropped : Reasons.RetriesUsedUp, now);
        return fact with { UnknownAt = now, UnknownReason = reason };
    }

    private AttemptRow RetryOrFail(SendWork work, string reason, TimeSpan? retryAfter, DateTimeOffset now) =>
        schedule.After(work.Event.Priority, work.Attempt.Number, retryAfter) is { } pause
            ? Retry(work, reason, pause, now)
            : Failed(work, $"{Reasons.RetriesUsedUp}: {reason}", now);

    private static AttemptRow Retry(SendWork work, string reason, TimeSpan pause, DateTimeOffset now) =>
        new() { Id = work.Attempt, RetryAt = now, RetryDue = now + pause, RetryReason = reason };

    private static AttemptRow Failed(SendWork work, string reason, DateTimeOffset now) =>
        new() { Id = work.Attempt, FailedAt = now, FailedReason = reason };

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "{provider}: {count} × {result} (first: {attempt})")]
    private partial void Outcomes(string provider, int count, string result, string attempt);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "{count} attempts were erased while they were being sent")]
    private partial void Erased(int count);
}
