using Microsoft.Extensions.Options;
using Notify.Functions.Digests;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Erasure;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Sending.DeadLetters;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Health;

/// <summary>What waits, and for how long: on the topics, in the queues, for the timer, and for people.</summary>
public sealed class Backlog(
    DeliveryTable deliveries, IQueues queues, IConsumerLag lag, DeadLetterBox deadLetters, IOptions<BrokerOptions> broker,
    NotifyMetrics metrics, TimeProvider time)
{
    /// <summary>Up to how many dead letters are counted.</summary>
    public const int MostDeadLetters = 1000;

    /// <summary>The queues that functions read, without their poison queues.</summary>
    public static IReadOnlyList<string> Queues { get; } =
        [.. ChannelQueues.All, .. FanOutQueue.Queues, DigestSettings.Queue, RecipientErasure.Queue];

    /// <summary>The queue's messages that nobody could handle.</summary>
    public static string PoisonOf(string queue) => queue + "-poison";

    /// <summary>How many messages a queue holds, and how old the one is that comes next.</summary>
    public async Task<QueueBacklog> OfQueueAsync(string queue, CancellationToken cancellationToken)
    {
        var depth = await queues.CountAsync(queue, cancellationToken);
        var oldest = depth == 0 ? null : await queues.OldestAsync(queue, cancellationToken);
        return new QueueBacklog(queue, depth, oldest is { } at && time.GetUtcNow() - at is var age && age > TimeSpan.Zero
            ? age : TimeSpan.Zero);
    }

    /// <summary>How many records of each topic wait for the dispatchers.</summary>
    public async Task<IReadOnlyDictionary<string, long>> OfTopicsAsync(CancellationToken cancellationToken)
    {
        var records = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var topic in (IEnumerable<string>)[broker.Value.Topic, broker.Value.UrgentTopic])
        {
            records[topic] = await lag.MeasureAsync(topic, broker.Value.ConsumerGroup, cancellationToken);
        }
        return records;
    }

    /// <summary>How many dead letters there are, up to <see cref="MostDeadLetters"/>.</summary>
    public Task<int> OfDeadLettersAsync(CancellationToken cancellationToken) => deadLetters.CountAsync(MostDeadLetters, cancellationToken);

    /// <summary>
    /// For how long the digest window, or the deferred delivery, has been over that the timer should have dealt with first; zero where
    /// there is none.
    /// </summary>
    public async Task<TimeSpan> OfTimerAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var late = TimeSpan.Zero;
        foreach (var partition in KeyedHashes.Partitions)
        {
            var item = await deliveries.DigestItemsAsync(partition, now, cancellationToken).FirstOrDefaultAsync(cancellationToken);
            var due = await deliveries.DueItemsAsync(partition, now, cancellationToken).FirstOrDefaultAsync(cancellationToken);
            late = Longest(Longest(late, now - item?.WindowEnd), now - due?.Due);
        }
        return late;
    }

    /// <summary>Measures everything for the metrics.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        foreach (var queue in Queues.Concat(Queues.Select(PoisonOf)))
        {
            var (_, depth, oldest) = await OfQueueAsync(queue, cancellationToken);
            metrics.Queue(queue, depth, oldest);
        }
        metrics.DigestLateness(await OfTimerAsync(cancellationToken));
        foreach (var (topic, records) in await OfTopicsAsync(cancellationToken))
        {
            metrics.Lag(topic, records);
        }
    }

    private static TimeSpan Longest(TimeSpan one, TimeSpan? other) => other > one ? other.Value : one;
}

/// <summary>What waits in a queue.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Depth">Roughly how many messages, invisible ones included.</param>
/// <param name="Oldest">The age of the message that comes next.</param>
public sealed record QueueBacklog(string Queue, long Depth, TimeSpan Oldest);
