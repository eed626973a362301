using Microsoft.Extensions.Logging;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>Writes down what became of attempts: first the fact, then, elsewhere, what follows from it.</summary>
public sealed partial class AttemptFacts(ITables tables, RetrySchedule schedule, PatientPipeline patient, NotifyMetrics metrics, TimeProvider time, ILogger<AttemptFacts> logger)
{
    // Longer than a living sender pauses between two tries to record: its answer may only be late.
    private static readonly TimeSpan TimeForTheAnswer = TimeSpan.FromSeconds(10);

    /// <summary>Records every outcome and returns the attempts as they now stand, as far as this sender knows.</summary>
    public async Task<IReadOnlyList<RecordedAttempt>> RecordAsync(IReadOnlyList<SendOutcome> outcomes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var recorded = outcomes.Select(outcome => (Outcome: outcome, Row: Fact(outcome, now))).ToList();
        var missing = await patient.RunAsync(
            token => tables.MergeAllAsync(TableNames.Deliveries, recorded.Select(one => one.Row), token), cancellationToken);
        if (missing > 0)
        {
            Erased(missing);
        }
        foreach (var group in outcomes.GroupBy(outcome => (outcome.Provider, Result: outcome.Result.GetType().Name)))
        {
            Outcomes(group.Key.Provider, group.Count(), group.Key.Result, group.First().Work.Attempt.ToString());
        }
        var attempts = recorded.ConvertAll(one => new RecordedAttempt(one.Outcome.Work, AttemptRow.From(one.Row)));
        attempts.ForEach(Measure);
        return attempts;
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
        var (expired, tried) = await InsertAsync(late, row => row[AttemptColumns.At] = row[AttemptColumns.ExpiredAt] = now, cancellationToken);
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
        var (givenUp, tried) = await InsertAsync(untried, row =>
        {
            row[AttemptColumns.At] = row[AttemptColumns.FailedAt] = now;
            row[AttemptColumns.FailedReason] = reason;
        }, cancellationToken);
        foreach (var one in givenUp)
        {
            Measure(one);
        }
        return (givenUp, tried);
    }

    private async Task<(IReadOnlyList<RecordedAttempt> Inserted, IReadOnlyList<ClaimConflict> Tried)> InsertAsync(
        IReadOnlyList<SendWork> deliveries, Action<TableRow> set, CancellationToken cancellationToken)
    {
        var rows = deliveries.ToDictionary(work => work, work => With(work, set));
        var existing = await patient.RunAsync(token => tables.InsertAllAsync(TableNames.Deliveries, rows.Values, token), cancellationToken);
        var byOutcome = rows.ToLookup(pair => existing.ContainsKey((pair.Value.Partition, pair.Value.Key)));
        return (
            [.. byOutcome[false].Select(pair => new RecordedAttempt(pair.Key, AttemptRow.From(pair.Value)))],
            [.. byOutcome[true].Select(pair => new ClaimConflict(pair.Key, AttemptRow.From(existing[(pair.Value.Partition, pair.Value.Key)])))]);
    }

    /// <summary>Records that a delivery is not to be sent any more, and why, unless it was tried already.</summary>
    /// <param name="work">The delivery.</param>
    /// <param name="decision">To suppress, expire or cancel.</param>
    /// <param name="cancellationToken">Cancels the recording.</param>
    public async Task RecordWithheldAsync(SendWork work, Decision decision, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var row = With(work, row =>
        {
            row[AttemptColumns.At] = now;
            row[AttemptColumns.SuppressedReason] = decision.Kind == DecisionKind.Suppress ? decision.Reason : null;
            row[decision.Kind switch
            {
                DecisionKind.Suppress => AttemptColumns.SuppressedAt,
                DecisionKind.Expire => AttemptColumns.ExpiredAt,
                DecisionKind.Cancel => AttemptColumns.CancelledAt,
                _ => throw new ArgumentOutOfRangeException(nameof(decision), decision.Kind, "The delivery is to be sent."),
            }] = now;
        });
        var existing = await patient.RunAsync(token => tables.InsertAllAsync(TableNames.Deliveries, [row], token), cancellationToken);
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
                var row = UnknownFact(work, reason, time.GetUtcNow());
                if ((await tables.WriteAsync(TableNames.Deliveries, [TableWrite.Merge(row, found.ETag)], token)).IsDone)
                {
                    metrics.Ambiguous(work.Attempt.Delivery.Channel, found.Provider, reason);
                }
                var stands = await tables.GetAsync(TableNames.Deliveries, row.Partition, row.Key, token);
                return stands is null ? null : AttemptRow.From(stands);
            },
            cancellationToken);

    private TableRow Fact(SendOutcome outcome, DateTimeOffset now)
    {
        var row = Fact(outcome.Work, outcome.Result, now);
        // Another than the one that was claimed for, where that one has not accepted.
        row[AttemptColumns.Provider] = outcome.Provider;
        row[AttemptColumns.TraceParent] = outcome.TraceParent;
        return row;
    }

    private TableRow Fact(SendWork work, SendResult result, DateTimeOffset now)
    {
        switch (result)
        {
            case SendResult.Accepted accepted:
                return With(work, row =>
                {
                    row[AttemptColumns.SentAt] = now;
                    row[AttemptColumns.MessageId] = accepted.ProviderMessageId;
                    row[AttemptColumns.DeliveredAt] = accepted.Delivered ? now : null;
                });
            case SendResult.Rejected rejected:
                return Failed(work, rejected.Reason, now);
            case SendResult.Unknown unknown:
                return UnknownFact(work, unknown.Reason, now);
            case SendResult.RateLimited limited:
                return Retry(work, limited.Reason, limited.RetryAfter, now);
            case SendResult.Unavailable unavailable:
                return Retry(work, unavailable.Reason, unavailable.RetryAfter, now);
            default:
                throw new InvalidOperationException("A send has no such result: " + result.GetType().Name);
        }
    }

    private TableRow UnknownFact(SendWork work, string reason, DateTimeOffset now) => With(work, row =>
    {
        row[AttemptColumns.UnknownAt] = now;
        row[AttemptColumns.UnknownReason] = reason;
        var next = AmbiguousSendPolicy.For(work.Event.Type) == AmbiguousSend.Resend
            ? schedule.After(work.Event.Priority, work.Attempt.Number, TimeForTheAnswer)
            : null;
        if (next is { } pause)
        {
            row[AttemptColumns.RetryAt] = now;
            row[AttemptColumns.RetryDue] = now + pause;
            row[AttemptColumns.RetryReason] = reason;
        }
        else
        {
            row[AttemptColumns.FailedAt] = now;
            row[AttemptColumns.FailedReason] = AmbiguousSendPolicy.For(work.Event.Type) == AmbiguousSend.Drop ? Reasons.AmbiguousDropped : Reasons.RetriesUsedUp;
        }
    });

    private TableRow Retry(SendWork work, string reason, TimeSpan? retryAfter, DateTimeOffset now) =>
        schedule.After(work.Event.Priority, work.Attempt.Number, retryAfter) is { } pause
            ? With(work, row =>
            {
                row[AttemptColumns.RetryAt] = now;
                row[AttemptColumns.RetryDue] = now + pause;
                row[AttemptColumns.RetryReason] = reason;
            })
            : Failed(work, $"{Reasons.RetriesUsedUp}: {reason}", now);

    private static TableRow Failed(SendWork work, string reason, DateTimeOffset now) => With(work, row =>
    {
        row[AttemptColumns.FailedAt] = now;
        row[AttemptColumns.FailedReason] = reason;
    });

    private static TableRow With(SendWork work, Action<TableRow> set)
    {
        var row = new TableRow(work.Attempt.Delivery.Partition, work.Attempt.ToString());
        set(row);
        return row;
    }

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "{provider}: {count} × {result} (first: {attempt})")]
    private partial void Outcomes(string provider, int count, string result, string attempt);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "{count} attempts were erased while they were being sent")]
    private partial void Erased(int count);
}
