using Microsoft.Extensions.Logging;
using Notify.LocalHost.Runtime.Catalog;

namespace Notify.LocalHost.Runtime.Kafka;

/// <summary>Starts a function by batches of a topic's records, and commits what it has done.</summary>
internal sealed partial class KafkaListener(
    KafkaFunctionTrigger trigger, ITopicSource source, BatchExecutor executor, KafkaTriggerOptions options, TimeProvider clock,
    ILogger logger)
    : ITriggerListener
{
    private int _failures;

    public async Task RunAsync(Drain drain)
    {
        ArgumentNullException.ThrowIfNull(drain);
        while (!drain.Stopping.IsCancellationRequested)
        {
            Exception? fault = null;
            try
            {
                await using var consumer = source.Subscribe(trigger.Topic, trigger.Group);
                await ConsumeAsync(consumer, drain);
            }
            catch (Exception thrown)
            {
                fault = thrown;
            }
            if (!drain.Stopping.IsCancellationRequested)
            {
                var wait = Wait.AfterFailures(++_failures);
                SubscriptionBroke(trigger.Topic, wait, fault);
                await Wait.ForAsync(wait, clock, drain.Stopping);
            }
        }
    }

    /// <summary>Reads until the host stops or the consumer is closed.</summary>
    private async Task ConsumeAsync(ITopicConsumer consumer, Drain drain)
    {
        var gatherer = new BatchGatherer(consumer, options.MaxBatchSize, options.SubscriberInterval, clock);
        while (await gatherer.NextAsync(drain.Stopping) is { Count: > 0 } batch)
        {
            if (!await executor.ExecuteAsync(batch, drain))
            {
                return;
            }
            await CommitAsync(consumer, batch, drain.Abandoned);
            _failures = 0;
        }
    }

    /// <summary>
    /// A commit that fails is made up for by the next one; without a next one the records come again, which at-least-once allows.
    /// </summary>
    private async Task CommitAsync(ITopicConsumer consumer, IReadOnlyList<TopicRecord> batch, CancellationToken cancellationToken)
    {
        try
        {
            await consumer.CommitAsync(batch, cancellationToken);
        }
        catch (Exception fault)
        {
            CommitFailed(trigger.Topic, batch.Count, fault);
        }
    }

    [LoggerMessage(EventId = 8111, Level = LogLevel.Warning, Message = "The subscription of {topic} broke; subscribing anew in {wait}")]
    private partial void SubscriptionBroke(string topic, TimeSpan wait, Exception? fault);

    [LoggerMessage(EventId = 8112, Level = LogLevel.Warning,
        Message = "{count} records of {topic} are done but could not be committed; they may come again")]
    private partial void CommitFailed(string topic, int count, Exception fault);
}
