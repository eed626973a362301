using Azure.Core;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch;
using Notify.Functions.Infrastructure.Kafka;

namespace Notify.LocalHost.Tools.Replay;

/// <summary>Reads records of a topic once more, in a group of its own that commits nothing: no consumer notices.</summary>
internal sealed class ReplayRecords(IOptions<BrokerOptions> options, TokenCredential credential, ILogger<ReplayRecords> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly BrokerOptions _options = options.Value;

    /// <summary>The records of a range that are there when the reading begins, partition by partition.</summary>
    /// <exception cref="KafkaException">The broker is away, or the topic, the partition or the first record is not there.</exception>
    public IEnumerable<IncomingRecord> Read(ReplayRange range, CancellationToken cancellationToken)
    {
        using var consumer = Create();
        foreach (var (partition, from, to) in Parts(consumer, range))
        {
            consumer.Assign(new TopicPartitionOffset(partition, from));
            for (var next = from; next <= to; next++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var record = consumer.Consume(Limit)
                    ?? throw new KafkaException(new Error(ErrorCode.Local_TimedOut,
                        $"The broker did not bring {partition.Topic} from {next} on."));
                // Compacted topics have gaps.
                next = record.Offset.Value;
                if (next <= to)
                {
                    yield return new IncomingRecord(
                        new EventPosition(record.Topic, record.Partition.Value, record.Offset.Value),
                        DateTimeOffset.FromUnixTimeMilliseconds(record.Message.Timestamp.UnixTimestampMs), record.Message.Value ?? [])
                    {
                        Headers = HeadersOf(record.Message.Headers),
                    };
                }
            }
        }
    }

    private static List<(TopicPartition Partition, long From, long To)> Parts(IConsumer<byte[]?, byte[]?> consumer, ReplayRange range)
    {
        // Brings nothing, for nothing is assigned; a sign-in by token is served here.
        consumer.Consume(TimeSpan.Zero);
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        // Of all topics: to ask for one by its name makes it, on a broker that is set so.
        var topics = admin.GetMetadata(Limit).Topics;
        var topic = topics.Find(one => string.Equals(one.Topic, range.Topic, StringComparison.Ordinal))
            ?? throw NotThere("there is no such topic. Topics: "
                + string.Join(", ", topics.Select(one => one.Topic).Where(name => !name.StartsWith("__", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal)));
        if (topic.Error.IsError)
        {
            throw new KafkaException(topic.Error);
        }
        if (range.Partition is { } wanted && topic.Partitions.TrueForAll(one => one.PartitionId != wanted))
        {
            throw NotThere(FormattableString.Invariant($"there is no partition {wanted}. Partitions: ")
                + string.Join(", ", topic.Partitions.Select(one => one.PartitionId).Order()));
        }
        var parts = new List<(TopicPartition, long, long)>();
        foreach (var partition in topic.Partitions.Where(one => range.Partition is null || one.PartitionId == range.Partition)
            .Select(one => new TopicPartition(range.Topic, one.PartitionId)))
        {
            var ends = consumer.QueryWatermarkOffsets(partition, Limit);
            var last = ends.High.Value - 1;
            if (range.From > 0 && range.From > last)
            {
                throw NotThere(FormattableString.Invariant($"partition {partition.Partition.Value} ")
                    + (last < ends.Low.Value ? "is empty" : FormattableString.Invariant($"ends with the offset {last}")));
            }
            parts.Add((partition, Math.Max(range.From, ends.Low.Value), Math.Min(range.To ?? last, last)));
        }
        return parts;
    }

    private static KafkaException NotThere(string what) => new(new Error(ErrorCode.UnknownTopicOrPart, what));

    private IConsumer<byte[]?, byte[]?> Create()
    {
        var builder = new ConsumerBuilder<byte[]?, byte[]?>(_options.Configure(new ConsumerConfig
        {
            GroupId = _options.ConsumerGroup + "-replay",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Error,
            FetchWaitMaxMs = 50,
        })).SetLogHandler((_, message) => KafkaLog.Write(logger, message)).SetErrorHandler((_, error) => KafkaLog.Write(logger, error));
        if (_options.SignsInByToken)
        {
            builder.SetOAuthBearerTokenRefreshHandler((client, _) => KafkaToken.Refresh(client, _options, credential));
        }
        return builder.Build();
    }

    private static EventHeaders HeadersOf(Headers? headers) =>
        headers is null
            ? EventHeaders.None
            : EventHeaders.From(headers.Select(header => KeyValuePair.Create<string, byte[]?>(header.Key, header.GetValueBytes())));
}
