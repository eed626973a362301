using Notify.Functions.Contract;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Topics;

namespace Notify.Functions.Cancellation;

/// <summary>Cancels what is not sent yet to one range of a topic's subscribers. Safe to repeat.</summary>
public sealed class FanOutCancellation(
    TopicSubscribers subscribers, EventHeads events, KeyedHashes keyedHashes, DeliveryCancellation deliveries, FanOutQueue queue,
    TransientFaultRetry retry)
{
    private const int AtOnce = 16;
    private const int PagesOfOneRun = 500;

    /// <summary>Cancels the range; faults of the infrastructure are waited out.</summary>
    public Task CancelAsync(FanOutCommand command, CancellationToken cancellationToken) =>
        retry.RunAsync(token => RunAsync(command, token), cancellationToken);

    private async Task RunAsync(FanOutCommand command, CancellationToken cancellationToken)
    {
        if (await events.FindAsync(command.Tenant, command.EventId, cancellationToken) is not { } head)
        {
            return;
        }
        var channels = head.Event.Channels.Where(channel => command.Channel is null || channel == command.Channel).ToList();
        var pages = 0;
        await foreach (var page in subscribers.RangeAsync(command.Tenant, command.Topic, command.Partition, command.After,
            cancellationToken)
            .Chunk(AtOnce))
        {
            await Task.WhenAll(page.SelectMany(subscriber => channels.Select(channel => deliveries.CancelAsync(
                head.Event, subscriber.Recipient, keyedHashes.Delivery(head.Event, subscriber.Recipient, channel), cancellationToken))));
            if (++pages == PagesOfOneRun)
            {
                await queue.EnqueueAsync(command with { After = page[^1].Hash }, head.Event.Priority.IsUrgent(), cancellationToken);
                return;
            }
        }
    }
}
