using Microsoft.Extensions.Logging;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Pipeline;

namespace Notify.Functions.Digests;

/// <summary>
/// Releases the scheduled deliveries of one partition that are due: decides each once more, enqueues those to send, then deletes their
/// rows. Two runs at once, or a run that crashes, enqueue some deliveries twice; the send pipeline sends each once.
/// </summary>
public sealed partial class ScheduledDeliveryReleaser(
    DeliveryTable table, ScheduledDecisions decisions, EventHeads events, EnvelopeQueue envelopes, AttemptJournal journal,
    TimeProvider time, ILogger<ScheduledDeliveryReleaser> logger)
{
    private const int AtOnce = 100;
    private const int HeadsKept = 500;

    /// <summary>Releases what is due within <see cref="ScheduledDelivery.Horizon"/>; it waits the rest of its time in its lane.</summary>
    public async Task ReleaseAsync(string partition, CancellationToken cancellationToken)
    {
        var heads = new Dictionary<(string?, string), EventRecord?>();
        await foreach (var some in table.DueItemsAsync(partition, time.GetUtcNow() + ScheduledDelivery.Horizon, cancellationToken)
            .Chunk(AtOnce))
        {
            await ReleaseAsync(some, heads, cancellationToken);
        }
    }

    private async Task ReleaseAsync(
        IReadOnlyList<ScheduledDelivery> items, Dictionary<(string?, string), EventRecord?> heads, CancellationToken cancellationToken)
    {
        var found = new List<(ScheduledDelivery Item, EventRecord Head)>(items.Count);
        foreach (var item in items)
        {
            if (await HeadAsync(item, heads, cancellationToken) is { } head)
            {
                found.Add((item, head));
            }
        }
        var rules = new Lease(time, RecipientRulesRecheck.Moment);
        var outgoing = new List<OutgoingDelivery>();
        var later = new List<(ScheduledDelivery Item, DateTimeOffset Due)>();
        await foreach (var (item, work, decision, wait) in decisions.DecideAsync(found, cancellationToken))
        {
            switch (decision.Kind)
            {
                case DecisionKind.Send:
                    outgoing.Add(work.Again(wait));
                    break;
                case DecisionKind.Defer:
                    later.Add((item, decision.Due!.Value));
                    break;
                default:
                    await journal.WithholdAsync(work, decision, cancellationToken);
                    break;
            }
        }
        foreach (var (item, due) in later)
        {
            await table.PutOffAsync(item, due, cancellationToken);
        }
        if (rules.IsOver)
        {
            // Quiet hours may have begun since: the next run asks again.
            Stale(items[0].Delivery.Partition, items.Count);
            return;
        }
        await envelopes.EnqueueAsync(outgoing, cancellationToken);
        CrashPoint.Hit(CrashPoint.AfterRelease);
        await table.DeleteDueItemsAsync(items.Except(later.Select(one => one.Item)), cancellationToken);
        Released(items[0].Delivery.Partition, outgoing.Count, later.Count, items.Count - outgoing.Count - later.Count);
    }

    private async Task<EventRecord?> HeadAsync(
        ScheduledDelivery item, Dictionary<(string?, string), EventRecord?> heads, CancellationToken cancellationToken)
    {
        if (!heads.TryGetValue((item.Tenant, item.EventId), out var head))
        {
            if (heads.Count >= HeadsKept)
            {
                heads.Clear();
            }
            heads[(item.Tenant, item.EventId)] = head = await events.FindAsync(item.Tenant, item.EventId, cancellationToken);
        }
        return head;
    }

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning,
        Message = "{count} deferred deliveries of partition {partition} were held up while they were decided; they are decided again")]
    private partial void Stale(string partition, int count);

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information,
        Message = "Deferred deliveries of partition {partition}: {released} released, {later} deferred again, {withheld} not to be sent "
            + "any more")]
    private partial void Released(string partition, int released, int later, int withheld);
}
