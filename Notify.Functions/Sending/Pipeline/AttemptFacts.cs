using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>Writes down what became of attempts: first the fact, then, elsewhere, what follows from it.</summary>
public sealed partial class AttemptFacts(
    DeliveryTable deliveries, RetrySchedule schedule, TransientFaultRetry patient, IOptions<PrioritiesOptions> priorities, NotifyMetrics metrics, TimeProvider time, ILogger<AttemptFacts> logger)
{
    // Longer than a living sender pauses between two tries to record: its answer may only be late.
    private static readonly TimeSpan TimeForTheAnswer = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Records every outcome and returns the attempts as they now stand, as far as this sender knows. What was not sent, and whose claim may have been taken over
    /// meanwhile, is recorded only where it has not been.
    /// </summary>
    public async Task<IReadOnlyList<RecordedAttempt>> RecordAsync(IReadOnlyList<SendOutcome> outcomes, ClaimedChunk claimed, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var isOver = claimed.Lease.IsOver;
        var all = outcomes.Where(outcome => outcome.Result is not SendResult.Unknown)
            .Select(outcome => (Recorded: new RecordedAttempt(outcome.Work, Fact(outcome, now)), IsOurs: !isOver || IsAtProvider(outcome.Result)))
            .ToLookup(one => one.IsOurs, one => one.Recorded);
        var recorded = all[true].ToList();
        var missing = await patient.RunAsync(
            token => deliveries.MergeAttemptsAsync(recorded.Select(one => one.Row), token), cancellationToken);
        if (missing.Count > 0)
        {
            Erased(missing.Count);
        }
        recorded.ForEach(Measure);
        recorded.AddRange(await RecordIfOursAsync([.. all[false]], claimed.Claim, cancellationToken));
        recorded.AddRange(await RecordUnknownAsync([.. outcomes.Where(outcome => outcome.Result is SendResult.Unknown)], now, cancellationToken));
        foreach (var group in outcomes.GroupBy(outcome => (outcome.Provider, Result: outcome.Result.GetType().Name, Why: outcome.Result.WhyNot())))
        {
            var (provider, result, why) = group.Key;
            var attempt = group.First().Work.Attempt.ToString();
            if (why is null)
            {
                Accepted(provider, group.Count(), result, attempt);
            }
            else
            {
                NotAccepted(provider, group.Count(), result, why, attempt);
            }
        }
        return recorded;
    }

    /// <summary>Records that what was claimed too slowly was not sent, unless somebody else has taken over, and returns the attempts as they now stand.</summary>
    public Task<IReadOnlyList<RecordedAttempt>> RecordTooLateAsync(ClaimedChunk claimed, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return RecordIfOursAsync(
            [.. claimed.TooLate.Select(work => new RecordedAttempt(work, RetryOrFail(work, DeliveryReasons.ClaimTooLate, retryAfter: null, now)))], claimed.Claim, cancellationToken);
    }

    // Left alone such an attempt would end as one whose answer is lost, which for marketing means never sent.
    private async Task<IReadOnlyList<RecordedAttempt>> RecordIfOursAsync(IReadOnlyList<RecordedAttempt> changes, string claim, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
        {
            return [];
        }
        return await patient.RunAsync(
            async token =>
            {
                var byId = changes.ToDictionary(change => change.Row.Id);
                var before = new List<RecordedAttempt>();
                var written = await deliveries.ChangeAttemptsAsync(byId.Keys, Change, token);
                List<RecordedAttempt> done = [.. before, .. written.Select(row => byId[row.Id] with { Row = row })];
                TooLate(done.Count, changes.Count - done.Count);
                done.ForEach(Measure);
                return done;

                AttemptRow? Change(AttemptRow found)
                {
                    var change = byId[found.Id];
                    var isOurs = string.Equals(found.Claim, claim, StringComparison.Ordinal);
                    // An earlier write of ours, whose answer was lost. What somebody else has settled has its consequence there.
                    if (isOurs && found.HasOutcome && found.RetryAt == change.Row.RetryAt && found.FailedAt == change.Row.FailedAt)
                    {
                        before.Add(change);
                    }
                    return isOurs && !found.HasOutcome ? change.Row with { ETag = found.ETag } : null;
                }
            },
            cancellationToken);
    }

    // Where the provider has said meanwhile what became of it, that stands, and nothing is tried again.
    private Task<List<RecordedAttempt>> RecordUnknownAsync(IReadOnlyList<SendOutcome> outcomes, DateTimeOffset now, CancellationToken cancellationToken) => patient.RunAsync(
        async token =>
        {
            var byId = outcomes.ToDictionary(outcome => outcome.Work.Attempt);
            var written = await deliveries.ChangeAttemptsAsync(byId.Keys, found => Unknown(byId[found.Id], found, now), token);
            List<RecordedAttempt> recorded = [.. written.Select(row => new RecordedAttempt(byId[row.Id].Work, row))];
            recorded.ForEach(Measure);
            return recorded;
        },
        cancellationToken);

    private AttemptRow Unknown(SendOutcome outcome, AttemptRow found, DateTimeOffset now)
    {
        var fact = Fact(outcome, now) with { ETag = found.ETag };
        return found is { IsAtProvider: false } and ({ FailedAt: null } or { IsGivenUp: true }) ? fact
            : new AttemptRow { Id = fact.Id, ETag = fact.ETag, Provider = fact.Provider, TraceParent = fact.TraceParent, Tried = fact.Tried, UnknownAt = now, UnknownReason = fact.UnknownReason };
    }

    // Whatever anybody else has made of the attempt: the provider has it, or will never take it.
    private static bool IsAtProvider(SendResult result) => result is SendResult.Accepted or SendResult.Rejected;

    private void Measure(RecordedAttempt recorded)
    {
        var (work, row) = recorded;
        var channel = row.Id.Delivery.Channel;
        if (row.SentAt is { } sent)
        {
            metrics.Sent(channel, row.Provider!);
            metrics.Latency(channel, work.Event.Priority, sent - work.Start, priorities.Value.For(work.Event.Priority).MaxLatency);
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
            metrics.Withheld(one.Row.Id.Delivery.Channel, DeliveryReasons.Expired);
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
        var ending = AttemptRow.Withheld(work.Attempt, decision, time.GetUtcNow());
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
        Fact(outcome.Work, outcome.Result, now) with { Provider = outcome.Provider, TraceParent = outcome.TraceParent, Tried = outcome.Tried };

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
        SendResult.AccountRefused refused => RetryOrFail(work, refused.Reason, retryAfter: null, now),
        SendResult.TooLate => RetryOrFail(work, DeliveryReasons.ClaimTooLate, retryAfter: null, now),
        SendResult.TargetBusy busy => RetryOrFail(work, busy.Reason, busy.RetryAfter, now),
        _ => throw new InvalidOperationException("A send has no such result: " + result.GetType().Name),
    };

    private AttemptRow UnknownFact(SendWork work, string reason, DateTimeOffset now)
    {
        var policy = AmbiguousSendPolicy.For(work.Event.Type);
        var next = policy == AmbiguousSend.Resend ? schedule.After(work.Event.Priority, work.Attempt.Number, TimeForTheAnswer) : null;
        var fact = next is { } pause ? Retry(work, reason, pause, now)
            : Failed(work, policy == AmbiguousSend.Drop ? DeliveryReasons.AmbiguousDropped : DeliveryReasons.RetriesUsedUp, now);
        return fact with { UnknownAt = now, UnknownReason = reason };
    }

    private AttemptRow RetryOrFail(SendWork work, string reason, TimeSpan? retryAfter, DateTimeOffset now) =>
        schedule.After(work.Event.Priority, work.Attempt.Number, retryAfter) is { } pause
            ? Retry(work, reason, pause, now)
            : Failed(work, $"{DeliveryReasons.RetriesUsedUp}: {reason}", now);

    private static AttemptRow Retry(SendWork work, string reason, TimeSpan pause, DateTimeOffset now) =>
        new() { Id = work.Attempt, RetryAt = now, RetryDue = now + pause, RetryReason = reason };

    private static AttemptRow Failed(SendWork work, string reason, DateTimeOffset now) =>
        new() { Id = work.Attempt, FailedAt = now, FailedReason = reason };

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "{provider}: {count} × {result} (first: {attempt})")]
    private partial void Accepted(string provider, int count, string result, string attempt);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Warning, Message = "{provider}: {count} × {result}, {why} (first: {attempt})")]
    private partial void NotAccepted(string provider, int count, string result, string why, string attempt);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Warning, Message = "{count} deliveries were not sent, because their claim had run out, and are tried again; {others} were somebody else's by then")]
    private partial void TooLate(int count, int others);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "{count} attempts were erased while they were being sent")]
    private partial void Erased(int count);
}
