using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;

namespace Notify.Functions.Dispatch.FanOut;

/// <summary>Puts the ranges of topics on their queues: two, so that what is urgent does not wait behind a campaign.</summary>
public sealed class FanOutQueue(IQueues queues)
{
    /// <summary>Ranges of normal and low events.</summary>
    public const string Queue = "notify-fanout";

    /// <summary>Ranges of critical and high events.</summary>
    public const string UrgentQueue = "notify-fanout-urgent";

    /// <summary>Both queues.</summary>
    public static IReadOnlyList<string> Queues { get; } = [Queue, UrgentQueue];

    /// <summary>
    /// Enqueues every range of every topic of the events; durable when the task completes. What was done already is recognised.
    /// </summary>
    public async Task DecideAsync(IEnumerable<EventRecord> heads, CancellationToken cancellationToken)
    {
        foreach (var head in heads)
        {
            await EnqueueAllAsync(head.Event, FanOutStep.Decide, channel: null, cancellationToken);
        }
    }

    /// <summary>Enqueues the cancelling of everything that the event's topics have brought.</summary>
    public Task CancelAsync(NotificationEvent notification, Channel? channel, CancellationToken cancellationToken) =>
        EnqueueAllAsync(notification, FanOutStep.Cancel, channel, cancellationToken);

    /// <summary>Enqueues one order.</summary>
    public Task EnqueueAsync(FanOutCommand command, bool urgent, CancellationToken cancellationToken) =>
        queues.SendAsync(urgent ? UrgentQueue : Queue, command.Write(), TimeSpan.Zero, cancellationToken);

    private async Task EnqueueAllAsync(
        NotificationEvent notification, FanOutStep step, Channel? channel, CancellationToken cancellationToken)
    {
        foreach (var topic in notification.Topics)
        {
            await Task.WhenAll(KeyedHashes.Partitions.Select(partition => EnqueueAsync(
                new FanOutCommand(notification.Tenant, notification.Id, topic, partition, step, channel), notification.Priority.IsUrgent(),
                cancellationToken)));
            CrashPoint.Hit(CrashPoint.AfterFanOutEnqueue);
        }
    }
}
