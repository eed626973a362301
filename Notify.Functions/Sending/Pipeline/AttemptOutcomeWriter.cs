using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>Writes outcomes of attempts to the ledger and counts them. <see cref="AttemptJournal"/> does what follows.</summary>
public sealed partial class AttemptOutcomeWriter(
    DeliveryTable deliveries, RetryPolicy policy, TransientFaultRetry retry, IOptions<PrioritiesOptions> priorities, NotifyMetrics metrics,
    TimeProvider time, ILogger<AttemptOutcomeWriter> logger)
{
    /// <summary>
    /// Writes every outcome and returns the attempts as they now stand. After the claim has expired, another sender may own the attempts:
    /// then only what the provider has decided is written regardless, and the rest where no other outcome stands.
    /// </summary>
    public async Task<IReadOnlyList<RecordedAttempt>> WriteAsync(
        IReadOnlyList<SendOutcome> outcomes, ClaimedChunk claimed, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var isExpired = claimed.Lease.IsOver;
        var known = outcomes.Where(outcome => outcome.Result is not SendResult.Unknown)
            .Select(outcome => (Recorded: new RecordedAttempt(outcome.Work, policy.RowFor(outcome, now)), IsOurs: !isExpired
                || IsDecidedByProvider(outcome.Result)))
            .ToLookup(one => one.IsOurs, one => one.Recorded);
        var recorded = known[true].ToList();
        var missing = await retry.RunAsync(token => deliveries.MergeAttemptsAsync(recorded.Select(one => one.Row), token),
            cancellationToken);
        if (missing.Count > 0)
        {
            Erased(missing.Count);
        }
        recorded.ForEach(Count);
        recorded.AddRange(await WriteIfOursAsync([.. known[false]], claimed.Claim, cancellationToken));
        recorded.AddRange(await WriteLostResponsesAsync([.. outcomes.Where(outcome => outcome.Result is SendResult.Unknown)], now,
            cancellationToken));
        LogResults(outcomes);
        return recorded;
    }

    /// <summary>
    /// Writes that deliveries were not sent because their claim took too long, unless another sender has taken them over.
    /// </summary>
    public Task<IReadOnlyList<RecordedAttempt>> WriteTooLateAsync(ClaimedChunk claimed, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return WriteIfOursAsync(
            [.. claimed.TooLate.Select(work =>
                new RecordedAttempt(work, policy.RetryOrFail(work, DeliveryReasons.ClaimTooLate, retryAfter: null, now)))],
            claimed.Claim, cancellationToken);
    }

    /// <summary>Writes that deliveries have expired. Returns those that were tried already and stay as they are.</summary>
    public async Task<IReadOnlyList<ClaimConflict>> WriteExpiredAsync(IReadOnlyList<SendWork> expired, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (inserted, tried) = await InsertAsync(expired, work => new AttemptRow { Id = work.Attempt, At = now, ExpiredAt = now },
            cancellationToken);
        foreach (var one in inserted)
        {
            metrics.Withheld(one.Row.Id.Delivery.Channel, DeliveryReasons.Expired);
        }
        return tried;
    }

    /// <summary>
    /// Writes that untried deliveries failed for good. Returns apart those that were tried after all and stay as they are.
    /// </summary>
    public async Task<(IReadOnlyList<RecordedAttempt> Failed, IReadOnlyList<ClaimConflict> Tried)> WriteFailedAsync(
        IReadOnlyList<SendWork> untried, string reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (failed, tried) = await InsertAsync(untried, work => RetryPolicy.Failed(work, reason, now) with { At = now },
            cancellationToken);
        foreach (var one in failed)
        {
            Count(one);
        }
        return (failed, tried);
    }

    /// <summary>Writes that a delivery is suppressed, expired or canceled, unless it was tried already.</summary>
    public async Task WriteWithheldAsync(SendWork work, Decision decision, CancellationToken cancellationToken)
    {
        var row = AttemptRow.Withheld(work.Attempt, decision, time.GetUtcNow());
        var existing = await retry.RunAsync(token => deliveries.InsertAttemptsAsync([row], token), cancellationToken);
        if (existing.Count == 0)
        {
            metrics.Withheld(work.Attempt.Delivery.Channel, decision.Reason);
        }
    }

    /// <summary>
    /// Writes that the response of an attempt was lost, unless the row has changed since it was read. Returns the row as it then stands.
    /// </summary>
    public Task<AttemptRow?> WriteLostResponseAsync(SendWork work, AttemptRow found, string reason, CancellationToken cancellationToken) =>
        retry.RunAsync(
            async token =>
            {
                var change = policy.LostResponse(work, reason, time.GetUtcNow()) with { ETag = found.ETag };
                if ((await deliveries.MergeAttemptsAsync([change], token)).Count == 0)
                {
                    metrics.Ambiguous(work.Attempt.Delivery.Channel, found.Provider, reason);
                }
                return await deliveries.FindAttemptAsync(work.Attempt, token);
            },
            cancellationToken);

    // Without an outcome such an attempt would count as one whose response was lost. For marketing that means: never sent.
    private async Task<IReadOnlyList<RecordedAttempt>> WriteIfOursAsync(
        IReadOnlyList<RecordedAttempt> changes, string claim, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
        {
            return [];
        }
        return await retry.RunAsync(
            async token =>
            {
                var byId = changes.ToDictionary(change => change.Row.Id);
                var before = new List<RecordedAttempt>();
                var written = await deliveries.ChangeAttemptsAsync(byId.Keys, Change, token);
                List<RecordedAttempt> done = [.. before, .. written.Select(row => byId[row.Id] with { Row = row })];
                NotSent(done.Count, changes.Count - done.Count);
                done.ForEach(Count);
                return done;

                AttemptRow? Change(AttemptRow found)
                {
                    var change = byId[found.Id];
                    var isOurs = string.Equals(found.Claim, claim, StringComparison.Ordinal);
                    // An earlier write of ours whose response was lost. What another sender has settled, that sender follows up.
                    if (isOurs && found.HasOutcome && found.RetryAt == change.Row.RetryAt && found.FailedAt == change.Row.FailedAt)
                    {
                        before.Add(change);
                    }
                    return isOurs && !found.HasOutcome ? change.Row with { ETag = found.ETag } : null;
                }
            },
            cancellationToken);
    }

    // If the provider has reported the message meanwhile, the report wins and nothing is retried.
    private Task<List<RecordedAttempt>> WriteLostResponsesAsync(
        IReadOnlyList<SendOutcome> outcomes, DateTimeOffset now, CancellationToken cancellationToken) => retry.RunAsync(
        async token =>
        {
            var byId = outcomes.ToDictionary(outcome => outcome.Work.Attempt);
            var written = await deliveries.ChangeAttemptsAsync(byId.Keys, found => LostResponse(byId[found.Id], found, now), token);
            List<RecordedAttempt> recorded = [.. written.Select(row => new RecordedAttempt(byId[row.Id].Work, row))];
            recorded.ForEach(Count);
            return recorded;
        },
        cancellationToken);

    private AttemptRow LostResponse(SendOutcome outcome, AttemptRow found, DateTimeOffset now)
    {
        var row = policy.RowFor(outcome, now) with { ETag = found.ETag };
        if (found is { IsAtProvider: false } and ({ FailedAt: null } or { IsGivenUp: true }))
        {
            return row;
        }
        return new AttemptRow
        {
            Id = row.Id,
            ETag = row.ETag,
            Provider = row.Provider,
            TraceParent = row.TraceParent,
            Tried = row.Tried,
            UnknownAt = now,
            UnknownReason = row.UnknownReason,
        };
    }

    private static bool IsDecidedByProvider(SendResult result) => result is SendResult.Accepted or SendResult.Rejected;

    private async Task<(IReadOnlyList<RecordedAttempt> Inserted, IReadOnlyList<ClaimConflict> Tried)> InsertAsync(
        IReadOnlyList<SendWork> chunk, Func<SendWork, AttemptRow> row, CancellationToken cancellationToken)
    {
        var rows = chunk.Select(work => new RecordedAttempt(work, row(work))).ToList();
        var existing = await retry.RunAsync(token => deliveries.InsertAttemptsAsync(rows.Select(one => one.Row), token), cancellationToken);
        return (
            [.. rows.Where(one => !existing.ContainsKey(one.Row.Id))],
            [.. rows.Where(one => existing.ContainsKey(one.Row.Id)).Select(one => new ClaimConflict(one.Work, existing[one.Row.Id]))]);
    }

    private void Count(RecordedAttempt recorded)
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

    private void LogResults(IReadOnlyList<SendOutcome> outcomes)
    {
        foreach (var group in outcomes.GroupBy(outcome =>
            (outcome.Provider, Result: outcome.Result.GetType().Name, Why: outcome.Result.WhyNot())))
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
    }

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "{provider}: {count} × {result} (first: {attempt})")]
    private partial void Accepted(string provider, int count, string result, string attempt);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Warning, Message = "{provider}: {count} × {result}, {why} (first: {attempt})")]
    private partial void NotAccepted(string provider, int count, string result, string why, string attempt);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Warning,
        Message = "{count} deliveries not sent: their claim had expired; retrying. Other senders own {others}")]
    private partial void NotSent(int count, int others);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "{count} attempts were erased while they were sent")]
    private partial void Erased(int count);
}
