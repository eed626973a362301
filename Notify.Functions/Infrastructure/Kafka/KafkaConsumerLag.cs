using Azure.Core;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Notify.Functions.Infrastructure.Kafka;

/// <summary>Asks the broker for a group's commits and the ends of a topic's partitions, by a client that never joins the group.</summary>
internal sealed class KafkaConsumerLag(IOptions<BrokerOptions> options, TokenCredential credential, ILogger<KafkaConsumerLag> logger)
    : IConsumerLag, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IConsumer<byte[]?, byte[]?>> _clients = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <inheritdoc/>
    public Task<long> MeasureAsync(string topic, string group, CancellationToken cancellationToken) =>
        // The client's calls block.
        Task.Run(() => Measure(topic, group), cancellationToken).WaitAsync(cancellationToken);

    /// <summary>Disconnects, once a measurement under way has ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var client in _clients.Values)
            {
                client.Dispose();
            }
            _clients.Clear();
        }
    }

    // One at a time: they are few, and the native client must not be taken apart under one.
    private long Measure(string topic, string group)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_clients.TryGetValue(group, out var client))
            {
                _clients[group] = client = Create(group);
            }
            // Brings no record, for nothing is assigned; a sign-in by token is served here.
            client.Consume(TimeSpan.Zero);
            using var admin = new DependentAdminClientBuilder(client.Handle).Build();
            var found = admin.GetMetadata(topic, Limit).Topics.Find(one => string.Equals(one.Topic, topic, StringComparison.Ordinal));
            if (found is null || found.Error.Code == ErrorCode.UnknownTopicOrPart)
            {
                return 0;
            }
            if (found.Error.IsError)
            {
                throw new KafkaException(found.Error);
            }
            return client.Committed(found.Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId)), Limit)
                .Sum(committed => Behind(client, committed));
        }
    }

    private static long Behind(IConsumer<byte[]?, byte[]?> client, TopicPartitionOffset committed)
    {
        var ends = client.QueryWatermarkOffsets(committed.TopicPartition, Limit);
        // What retention has deleted is nobody's work any more.
        var next = committed.Offset.IsSpecial ? ends.Low.Value : Math.Max(committed.Offset.Value, ends.Low.Value);
        return Math.Max(0, ends.High.Value - next);
    }

    private IConsumer<byte[]?, byte[]?> Create(string group)
    {
        var broker = options.Value;
        var builder = new ConsumerBuilder<byte[]?, byte[]?>(
            broker.Configure(new ConsumerConfig { GroupId = group, EnableAutoCommit = false }))
            .SetLogHandler((_, message) => KafkaLog.Write(logger, message))
            .SetErrorHandler((_, error) => KafkaLog.Write(logger, error));
        if (broker.SignsInByToken)
        {
            builder.SetOAuthBearerTokenRefreshHandler((client, _) => KafkaToken.Refresh(client, broker, credential));
        }
        return builder.Build();
    }
}
