using System.Collections.Concurrent;
using System.Text;
using Notify.Functions.Infrastructure.Kafka;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.LocalHost.InMemory;

/// <summary>
/// Topics in memory, with the guarantees of <see cref="IEventPublisher"/> and <see cref="ITopicSource"/>. Records are kept for ever.
/// </summary>
internal sealed class InMemoryTopics(TimeProvider clock) : IEventPublisher, IConsumerLag, ITopicSource
{
    /// <summary>Partitions of every topic.</summary>
    public const int Partitions = 4;

    private readonly ConcurrentDictionary<string, InMemoryTopic> _topics = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<EventPosition> PublishAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(record);
        var key = Encoding.UTF8.GetBytes(record.Key);
        var partition = (int)(Hash(key) % Partitions);
        TopicHeader[] headers = [.. record.Headers.Select(h => new TopicHeader(h.Key, Encoding.UTF8.GetBytes(h.Value)))];
        var timestamp = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var offset = Topic(record.Topic).Append(partition, key, record.Value.ToArray(), timestamp, headers);
        return Task.FromResult(new EventPosition(record.Topic, partition, offset));
    }

    /// <inheritdoc/>
    public ITopicConsumer Subscribe(string topic, string group) => Topic(topic).Join(group);

    /// <inheritdoc/>
    public Task<long> MeasureAsync(string topic, string group, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Lag(topic, group));
    }

    /// <summary>How many records of a topic a group has not committed: 0 when everything has been handled.</summary>
    public long Lag(string topic, string group) => Topic(topic).Lag(group);

    private InMemoryTopic Topic(string name) => _topics.GetOrAdd(name, static n => new InMemoryTopic(n, Partitions));

    /// <summary>FNV-1a: the same key, the same partition, in every run.</summary>
    private static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = 2166136261u;
        foreach (var b in key)
        {
            hash = unchecked((hash ^ b) * 16777619u);
        }
        return hash ^ (hash >> 16);
    }
}
