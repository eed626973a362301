using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Templates;

namespace Notify.Functions.Digests;

/// <summary>Decides scheduled deliveries once more when they are due. Writes nothing.</summary>
public sealed class ScheduledDecisions(
    DecisionInputLoader inputs, TemplateRenderer templates, IOptions<ChannelsOptions> channels, IOptions<BatchingOptions> batching,
    TimeProvider time)
{
    /// <summary>The decisions, in order, each with what to send and how long it still has to wait.</summary>
    public async IAsyncEnumerable<(ScheduledDelivery Item, SendWork Work, Decision Decision, TimeSpan Wait)> DecideAsync(
        IReadOnlyList<(ScheduledDelivery Item, EventRecord Head)> due, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var deliveries = await inputs.OfAsync([.. due.Select(one => (one.Head.Event, one.Item.Recipient, one.Item.Delivery.Channel))],
            cancellationToken);
        var contents = new Dictionary<EventRecord, EventContent>(ReferenceEqualityComparer.Instance);
        foreach (var ((item, head), delivery) in due.Zip(deliveries))
        {
            var work = WorkOf(item, head, delivery);
            if (!contents.TryGetValue(head, out var content))
            {
                contents[head] = content = templates.ContentOf(work.Event);
            }
            var fault = delivery.Recipient is { } profile ? content.For(delivery.Channel, profile).Fault : null;
            var now = time.GetUtcNow();
            // The producer's time stays; the recipient's rules count as they are now.
            var at = item.Due > now ? item.Due : now;
            var decision = head.IsCancelled(item.Delivery)
                ? Decision.Cancel
                : DecisionRules.Decide(delivery with { IsDue = true, TemplateFault = fault }, channels.Value, batching.Value, at);
            yield return (item, work, decision, TimeSpan.FromSeconds(Math.Ceiling((at - now).TotalSeconds)));
        }
    }

    private static SendWork WorkOf(ScheduledDelivery item, EventRecord head, DecisionInput delivery)
    {
        var addresses = delivery.Recipient?.UsableOn(delivery.Channel) ?? [];
        return new SendWork(
            new AttemptId(item.Delivery, 1),
            EnvelopeEvent.From(head.Event),
            new EnvelopeDelivery(item.Delivery.ToString(), Attempt: 1, item.Recipient, addresses) { Due = item.Due });
    }
}
