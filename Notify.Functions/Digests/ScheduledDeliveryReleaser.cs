using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Pipeline;
using Notify.Functions.Templates;

namespace Notify.Functions.Digests;

/// <summary>
/// Releases the deliveries of one partition whose time has come: looks at their rules once more, enqueues what is still to be sent, then
/// takes the due rows away. Two runs at once, or a run that dies, enqueue some twice, which the send path recognises.
/// </summary>
public sealed partial class ScheduledDeliveryReleaser(
    DeliveryTable table, DecisionInputLoader cases, EventHeads events, EnvelopeQueue packer, AttemptJournal journal, TemplateRenderer templates, IOptions<ChannelsOptions> channels, IOptions<BatchingOptions> batching,
    TimeProvider time, ILogger<ScheduledDeliveryReleaser> logger)
{
    private const int AtOnce = 100;
    private const int HeadsKept = 500;

    /// <summary>Releases what is due within <see cref="ScheduledDelivery.Horizon"/>; it waits the rest of its time in its lane.</summary>
    public async Task ReleaseAsync(string partition, CancellationToken cancellationToken)
    {
        var heads = new Dictionary<(string?, string), EventRecord?>();
        await foreach (var some in table.DueItemsAsync(partition, time.GetUtcNow() + ScheduledDelivery.Horizon, cancellationToken).Chunk(AtOnce))
        {
            await ReleaseAsync(some, heads, cancellationToken);
        }
    }

    private async Task ReleaseAsync(IReadOnlyList<ScheduledDelivery> items, Dictionary<(string?, string), EventRecord?> heads, CancellationToken cancellationToken)
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
        var deliveries = await cases.OfAsync([.. found.Select(one => (one.Head.Event, one.Item.Recipient, one.Item.Delivery.Channel))], cancellationToken);
        var outgoing = new List<OutgoingDelivery>();
        var later = new List<(ScheduledDelivery Item, DateTimeOffset Due)>();
        var contents = new Dictionary<EventRecord, EventContent>(ReferenceEqualityComparer.Instance);
        foreach (var ((item, head), delivery) in found.Zip(deliveries))
        {
            var work = WorkOf(item, head, delivery);
            if (!contents.TryGetValue(head, out var content))
            {
                contents[head] = content = templates.ContentOf(work.Event);
            }
            var fault = delivery.Recipient is { } profile ? content.For(delivery.Channel, profile).Fault : null;
            var now = time.GetUtcNow();
            // The producer's time stays; what the recipient's rules say now counts.
            var at = item.Due > now ? item.Due : now;
            var decision = head.IsCancelled(item.Delivery) ? Decision.Cancel
                : DecisionRules.Decide(delivery with { IsDue = true, TemplateFault = fault }, channels.Value, batching.Value, at);
            switch (decision.Kind)
            {
                case DecisionKind.Send:
                    outgoing.Add(work.Again(TimeSpan.FromSeconds(Math.Ceiling((at - now).TotalSeconds))));
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
        await packer.EnqueueAsync(outgoing, cancellationToken);
        CrashPoint.Hit(CrashPoint.AfterRelease);
        await table.DeleteDueItemsAsync(items.Except(later.Select(one => one.Item)), cancellationToken);
        Released(items[0].Delivery.Partition, outgoing.Count, later.Count, items.Count - outgoing.Count - later.Count);
    }

    private static SendWork WorkOf(ScheduledDelivery item, EventRecord head, DecisionInput delivery) => new(
        new AttemptId(item.Delivery, 1),
        EnvelopeEvent.From(head.Event),
        new EnvelopeDelivery(item.Delivery.ToString(), Attempt: 1, item.Recipient, delivery.Recipient?.UsableOn(delivery.Channel) ?? []) { Due = item.Due });

    private async Task<EventRecord?> HeadAsync(ScheduledDelivery item, Dictionary<(string?, string), EventRecord?> heads, CancellationToken cancellationToken)
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

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "{count} deferred deliveries of partition {partition} were held up while they were decided; they are decided again")]
    private partial void Stale(string partition, int count);

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Deferred deliveries of partition {partition}: {released} released, {later} deferred again, {withheld} not to be sent any more")]
    private partial void Released(string partition, int released, int later, int withheld);
}
