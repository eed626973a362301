using Microsoft.Extensions.Logging;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Sending.DeadLetters;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// Records what became of attempts, and does what follows: enqueues the next attempt, adds a dead letter, suppresses a rejected address.
/// The outcome is always written first. If the process crashes in between, the next handler of the message finds the outcome and does the
/// rest.
/// </summary>
public sealed partial class AttemptJournal(
    AttemptOutcomeWriter writer, EnvelopeQueue envelopes, DeadLetterBox deadLetters, RejectedAddressSuppressor addresses,
    TransientFaultRetry retry, TimeProvider time, ILogger<AttemptJournal> logger)
{
    // Clocks differ, and the owner of a claim that has just expired may be about to record its outcome.
    private static readonly TimeSpan ClaimGrace = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Records the outcomes of a claimed chunk. Not cancelable: what was sent must be recorded, however long storage is unavailable.
    /// </summary>
    public async Task RecordAsync(Channel channel, IReadOnlyList<SendOutcome> outcomes, ClaimedChunk claimed)
    {
        var recorded = await writer.WriteAsync(outcomes, claimed, CancellationToken.None);
        CrashPoint.Hit(CrashPoint.AfterFacts);
        await FollowUpAsync(recorded, CancellationToken.None);
        await addresses.SuppressAsync(channel, outcomes, CancellationToken.None);
    }

    /// <summary>
    /// Settles what a claim did not win: rows that were inserted too late to be sent are retried, and attempts of other senders are
    /// followed up. Not cancelable: a claimed attempt without an outcome would count as one whose response was lost.
    /// </summary>
    public async Task RecordNotWonAsync(ClaimedChunk claimed)
    {
        await FollowUpAsync(await writer.WriteTooLateAsync(claimed, CancellationToken.None), CancellationToken.None);
        await ResolveConflictsAsync(claimed.Conflicts, CancellationToken.None);
    }

    /// <summary>Records deliveries as expired.</summary>
    public async Task ExpireAsync(IReadOnlyList<SendWork> expired, CancellationToken cancellationToken) =>
        await ResolveConflictsAsync(await writer.WriteExpiredAsync(expired, cancellationToken), cancellationToken);

    /// <summary>Records untried deliveries as failed for good, and adds their dead letters.</summary>
    public async Task GiveUpAsync(IReadOnlyList<SendWork> untried, string reason, CancellationToken cancellationToken)
    {
        if (untried.Count == 0)
        {
            return;
        }
        var (failed, conflicts) = await writer.WriteFailedAsync(untried, reason, cancellationToken);
        await FollowUpAsync(failed, cancellationToken);
        await ResolveConflictsAsync(conflicts, cancellationToken);
    }

    /// <summary>Records that a delivery is suppressed, expired or canceled, unless it was tried already.</summary>
    public Task WithholdAsync(SendWork work, Decision decision, CancellationToken cancellationToken) =>
        writer.WriteWithheldAsync(work, decision, cancellationToken);

    /// <summary>
    /// Follows up attempts that exist already. A recorded outcome is followed up again; a running claim is checked again once it has
    /// expired; an expired claim without an outcome counts as a lost response.
    /// </summary>
    public async Task ResolveConflictsAsync(IReadOnlyList<ClaimConflict> conflicts, CancellationToken cancellationToken)
    {
        var running = new List<OutgoingDelivery>();
        var settled = new List<RecordedAttempt>(conflicts.Count);
        foreach (var (work, found) in conflicts)
        {
            var now = time.GetUtcNow();
            if (!found.HasOutcome && found.Deadline > now)
            {
                running.Add(work.Again(found.Deadline.Value - now + ClaimGrace));
                continue;
            }
            var row = found;
            if (!found.HasOutcome)
            {
                ClaimExpired(work.Attempt.ToString());
                row = await writer.WriteLostResponseAsync(work, found, "claim_expired", cancellationToken);
            }
            if (row is not null)
            {
                settled.Add(new RecordedAttempt(work, row));
            }
        }
        await EnqueueAsync(running, cancellationToken);
        await FollowUpAsync(settled, cancellationToken);
    }

    /// <summary>Enqueues deliveries. Uses up no attempt.</summary>
    public Task EnqueueAsync(IEnumerable<OutgoingDelivery> outgoing, CancellationToken cancellationToken)
    {
        var list = outgoing.ToList();
        return list.Count == 0 ? Task.CompletedTask : retry.RunAsync(token => envelopes.EnqueueAsync(list, token), cancellationToken);
    }

    /// <summary>
    /// Does what follows recorded outcomes: enqueues the next attempts, and adds dead letters of what was given up and may succeed later.
    /// </summary>
    public async Task FollowUpAsync(IReadOnlyList<RecordedAttempt> recorded, CancellationToken cancellationToken)
    {
        await EnqueueAsync(recorded.Select(NextAttempt).OfType<OutgoingDelivery>(), cancellationToken);
        await deadLetters.AddAsync(recorded, cancellationToken);
    }

    private OutgoingDelivery? NextAttempt(RecordedAttempt recorded)
    {
        // The provider may have reported the message meanwhile. Another attempt would be a duplicate.
        var row = recorded.Row;
        if (row.RetryDue is not { } due || row.IsAtProvider || row.FailedAt is not null)
        {
            return null;
        }
        var pause = due - time.GetUtcNow();
        return recorded.Work.Next(pause > TimeSpan.Zero ? pause : TimeSpan.Zero);
    }

    [LoggerMessage(EventId = 2201, Level = LogLevel.Warning,
        Message = "Claim of attempt {attempt} expired without an outcome. The provider may or may not have the message")]
    private partial void ClaimExpired(string attempt);
}
