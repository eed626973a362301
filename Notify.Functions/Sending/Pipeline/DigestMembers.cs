using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// Leaves out of digests what the rules have come to forbid since they were closed. A digest may be sent by whoever has its attempt's row.
/// So the row is inserted together with those of the members that are left out, and the others go on as the next attempt: no copy of the
/// message sends what the ledger says was left out.
/// </summary>
public sealed class DigestMembers(
    DeliveryTable deliveries, DigestEntryRules rules, AttemptJournal journal, TransientFaultRetry retry, NotifyMetrics metrics,
    TimeProvider time)
{
    // Members that an earlier attempt has left out have their own reasons.
    private static readonly Decision NothingLeft = new(DecisionKind.Suppress, DeliveryReasons.MembersLeftOut);

    /// <summary>
    /// What is to be sent now, digests with what they may still show. A digest that has left something out comes again as its next attempt.
    /// </summary>
    public async Task<IReadOnlyList<SendWork>> LeaveOutAsync(
        IReadOnlyList<SendWork> chunk, ChunkProfiles profiles, CancellationToken cancellationToken)
    {
        if (chunk.All(work => work.Event.Digest is null))
        {
            return chunk;
        }
        var open = chunk.Where(work => work.Event.Digest is null).ToList();
        foreach (var tenant in chunk.Where(work => work.Event.Digest is not null)
            .GroupBy(work => work.Event.Tenant, StringComparer.Ordinal))
        {
            var known = await profiles.FindAsync(tenant.Key, tenant.Select(work => work.Delivery.Recipient), cancellationToken);
            foreach (var work in tenant)
            {
                if (await LeaveOutAsync(work, known.GetValueOrDefault(work.Delivery.Recipient), cancellationToken) is { } digest)
                {
                    open.Add(digest);
                }
            }
        }
        return open;
    }

    private async Task<SendWork?> LeaveOutAsync(SendWork work, RecipientProfile? recipient, CancellationToken cancellationToken)
    {
        var entries = await WithoutEndedAsync(work, cancellationToken);
        var withheld = rules.Withheld(entries, entry => entry, recipient).ToList();
        IReadOnlyList<DigestEntry> shown = [.. entries.Except(withheld.Select(one => one.Item))];
        if (withheld.Count == 0 && shown.Count > 0)
        {
            return Showing(work, shown);
        }
        var now = time.GetUtcNow();
        var ending = shown.Count == 0
            ? AttemptRow.Withheld(work.Attempt, withheld.Select(one => one.Decision).FirstOrDefault(NothingLeft), now)
            : new AttemptRow { Id = work.Attempt, At = now, RetryAt = now, RetryDue = now, RetryReason = DeliveryReasons.MembersLeftOut };
        var endings = withheld.Select(one => DigestEntryRules.Ending(one.Item, one.Decision, now)).ToList();
        if (!await retry.RunAsync(token => deliveries.TakeOutAsync(ending, endings, token), cancellationToken))
        {
            // Somebody has begun this attempt. The claim finds the row, and draws its consequence; a further attempt asks again.
            return entries.Count == 0 ? work : Showing(work, entries);
        }
        foreach (var (_, decision) in withheld)
        {
            metrics.Withheld(work.Attempt.Delivery.Channel, decision.Reason);
        }
        await journal.FollowUpAsync([new RecordedAttempt(Showing(work, shown), ending)], cancellationToken);
        return null;
    }

    private static SendWork Showing(SendWork work, IReadOnlyList<DigestEntry> entries) =>
        work with { Event = work.Event with { Digest = entries } };

    // Members that an attempt before has left out, if the process died before it could enqueue the rest.
    private async Task<IReadOnlyList<DigestEntry>> WithoutEndedAsync(SendWork work, CancellationToken cancellationToken)
    {
        var entries = work.Event.Digest!;
        if (work.Attempt.Number == 1)
        {
            return entries;
        }
        var ended = await retry.RunAsync(token => deliveries.FindAttemptsAsync(entries.Select(DigestEntryRules.EndingOf), token),
            cancellationToken);
        return ended.Count == 0 ? entries : [.. entries.Where(entry => !ended.ContainsKey(DigestEntryRules.EndingOf(entry)))];
    }
}
