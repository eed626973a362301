using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch;
using Notify.Functions.Infrastructure.Kafka;

namespace Notify.Functions.Functions.Kafka;

/// <summary>The Kafka triggers: they bind and delegate.</summary>
public sealed class DispatchFunctions(EventDispatcher eventDispatcher, TimeProvider time)
{
    /// <summary>
    /// The endless retry under the dispatcher's own: the extension must never see a failure, for it would skip the batch.
    /// </summary>
    private const int ForEver = -1;

    /// <summary>Dispatches normal and low events.</summary>
    [Function("Dispatch")]
    [ExponentialBackoffRetry(ForEver, "00:00:01", "00:00:30")]
    public Task Dispatch(
        [KafkaTrigger(BrokerSettings.BrokerList, BrokerSettings.Topic, ConsumerGroup = BrokerSettings.ConsumerGroup, IsBatched = true,
            LagThreshold = 1000)]
        KafkaRecord[] records,
        CancellationToken cancellationToken) => RunAsync(records, cancellationToken);

    /// <summary>Dispatches critical and high events.</summary>
    [Function("DispatchUrgent")]
    [ExponentialBackoffRetry(ForEver, "00:00:01", "00:00:30")]
    public Task DispatchUrgent(
        [KafkaTrigger(BrokerSettings.BrokerList, BrokerSettings.UrgentTopic, ConsumerGroup = BrokerSettings.ConsumerGroup, IsBatched = true,
            LagThreshold = 100)]
        KafkaRecord[] records,
        CancellationToken cancellationToken) => RunAsync(records, cancellationToken);

    private Task RunAsync(KafkaRecord[] records, CancellationToken cancellationToken) =>
        eventDispatcher.DispatchAsync([.. records.Select(Incoming)], cancellationToken);

    // A producer may leave the timestamp out.
    private IncomingRecord Incoming(KafkaRecord record) => new(
        new EventPosition(record.Topic, record.Partition, record.Offset),
        record.Timestamp is { UnixTimestampMs: > 0 } given ? given.DateTimeOffset : time.GetUtcNow(),
        record.Value ?? [])
    {
        Headers = record.Headers is { Length: > 0 } headers
            ? EventHeaders.From(headers.Select(header => KeyValuePair.Create<string, byte[]?>(header.Key, header.Value)))
            : EventHeaders.None,
    };
}
