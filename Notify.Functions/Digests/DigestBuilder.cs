using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Rules;
using Notify.Functions.Sending;

namespace Notify.Functions.Digests;

/// <summary>
/// Closes the windows of one partition: streams its due items in order. Of each group it first takes away what the rules forbid by now,
/// each item with its reason, and then makes the rest one digest, by one transaction that takes the items away and puts the digest's
/// decision and an outbox row there. Two runs at once, or a run that dies, change nothing.
/// </summary>
public sealed partial class DigestBuilder(
    DeliveryTable deliveries, DigestOutbox outbox, TableRecipientDirectory recipients, DigestEntryRules rules,
    DigestWithholding withholding, DigestComposer composer, IOptions<BatchingOptions> batching, ILogger<DigestBuilder> logger)
{
    /// <summary>Closes what is due and finishes what was closed.</summary>
    public async Task CloseAsync(CloseDigestsCommand command, CancellationToken cancellationToken)
    {
        await outbox.SendAsync(command.Partition, cancellationToken);
        var group = new List<DigestItem>();
        await foreach (var item in deliveries.DigestItemsAsync(command.Partition, command.Until, cancellationToken))
        {
            if (group.Count > 0 && (group.Count == batching.Value.MaxBatchSize || !BelongTogether(group[0], item)))
            {
                await CloseGroupAsync(group, cancellationToken);
                group = [];
            }
            group.Add(item);
        }
        if (group.Count > 0)
        {
            await CloseGroupAsync(group, cancellationToken);
        }
        await outbox.SendAsync(command.Partition, cancellationToken);
    }

    private static bool BelongTogether(DigestItem one, DigestItem other) =>
        one.WindowEnd == other.WindowEnd
        && string.Equals(one.Delivery.RecipientHash, other.Delivery.RecipientHash, StringComparison.Ordinal)
        && one.Delivery.Channel == other.Delivery.Channel;

    private async Task CloseGroupAsync(IReadOnlyList<DigestItem> group, CancellationToken cancellationToken)
    {
        for (var left = group; left.Count > 0;)
        {
            var (taken, outcome) = await TakeSomeAsync(left, cancellationToken);
            if (outcome.IsDone)
            {
                left = [.. left.Except(taken)];
                continue;
            }
            // Another run took items, or one was cancelled: the others must not wait for the next run.
            LostRace(taken[0].Delivery.ToString(), outcome.Fault.ToString());
            var there = await deliveries.StillThereAsync(left, cancellationToken);
            if (there.Count == left.Count)
            {
                return;
            }
            left = there;
        }
    }

    // One step: takes away what is forbidden, else makes a digest of what fits into one.
    private async Task<(IReadOnlyList<DigestItem> Taken, TableOutcome Outcome)> TakeSomeAsync(
        IReadOnlyList<DigestItem> group, CancellationToken cancellationToken)
    {
        var first = group[0];
        var recipient = (await recipients.FindAsync(first.Tenant, [first.Recipient], cancellationToken)).GetValueOrDefault(first.Recipient);
        var withheld = rules.Withheld(group, item => item.Entry, recipient).Take(DeliveryTable.MostWithheld).ToList();
        return withheld.Count > 0
            ? await withholding.WithholdAsync(withheld, cancellationToken)
            : await CloseAsync(group, recipient!, cancellationToken);
    }

    private async Task<(IReadOnlyList<DigestItem> Taken, TableOutcome Outcome)> CloseAsync(
        IReadOnlyList<DigestItem> group, RecipientProfile recipient, CancellationToken cancellationToken)
    {
        // Who has refused digests since gets each message by itself.
        var isRefused = PreferenceRules.RefusesDigests(recipient.Preferences, group[0].Delivery.Channel);
        var (decision, closed, taken) = composer.Compose(isRefused ? [group[0]] : group, recipient, isRefused);
        var outcome = await deliveries.CloseDigestAsync(taken, decision, closed, cancellationToken);
        if (outcome.IsDone)
        {
            CrashPoint.Hit(CrashPoint.AfterClose);
            Closed(decision.Id.ToString(), taken.Count);
        }
        return (taken, outcome);
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Digest {digest} closed with {items} items")]
    private partial void Closed(string digest, int items);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Information,
        Message = "The digest of {first} lost items to another run or a cancellation ({fault})")]
    private partial void LostRace(string first, string fault);
}
