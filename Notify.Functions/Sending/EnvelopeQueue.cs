using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Resilience;

namespace Notify.Functions.Sending;

/// <summary>Packs deliveries into envelopes and enqueues them: by lane, by delay, bulk also by the ledger's partition.</summary>
public sealed class EnvelopeQueue(IQueues queues)
{
    /// <summary>
    /// Enqueues everything; durable when the task completes. Repeating it repeats messages, which the send path recognises.
    /// </summary>
    public async Task EnqueueAsync(IEnumerable<OutgoingDelivery> deliveries, CancellationToken cancellationToken)
    {
        foreach (var (queue, message, delay) in Pack(deliveries))
        {
            await queues.SendAsync(queue, message, delay, cancellationToken);
            CrashPoint.Hit(CrashPoint.AfterEnqueue);
        }
    }

    internal static IEnumerable<(string Queue, string Message, TimeSpan Delay)> Pack(IEnumerable<OutgoingDelivery> deliveries)
    {
        var groups = deliveries.GroupBy(delivery =>
        {
            var urgent = delivery.Event.Priority.IsUrgent();
            // A bulk envelope of one partition is claimed in one transaction.
            return (delivery.Id.Channel, Urgent: urgent, delivery.Delay, Partition: urgent ? string.Empty : delivery.Id.Partition);
        });
        foreach (var group in groups)
        {
            foreach (var some in group.Chunk(ChannelQueues.EnvelopeSize(group.Key.Urgent)))
            {
                var envelope = new Envelope(
                    group.Key.Channel,
                    group.Key.Urgent,
                    some.DistinctBy(delivery => delivery.Id.EventHash)
                        .ToDictionary(delivery => delivery.Id.EventHash, delivery => delivery.Event, StringComparer.Ordinal),
                    [.. some.Select(delivery => delivery.Delivery)]);
                foreach (var message in EnvelopeSerializer.Write(envelope))
                {
                    yield return (ChannelQueues.QueueFor(group.Key.Channel, group.Key.Urgent), message, group.Key.Delay);
                }
            }
        }
    }
}
