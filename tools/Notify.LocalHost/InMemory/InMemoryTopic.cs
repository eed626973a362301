using Notify.LocalHost.Runtime.Kafka;

namespace Notify.LocalHost.InMemory;

/// <summary>One topic: its records by partition, and the groups that read it. One lock guards it all.</summary>
internal sealed class InMemoryTopic(string name, int partitions)
{
    private readonly List<TopicRecord>[] _records = [.. Enumerable.Range(0, partitions).Select(_ => new List<TopicRecord>())];
    private readonly Dictionary<string, InMemoryGroup> _groups = new(StringComparer.Ordinal);
    private TaskCompletionSource? _changed;

    public Lock Gate { get; } = new();

    public int Partitions => partitions;

    public long Append(int partition, byte[] key, byte[] value, DateTimeOffset timestamp, IReadOnlyList<TopicHeader> headers)
    {
        lock (Gate)
        {
            var records = _records[partition];
            records.Add(new TopicRecord(name, partition, records.Count, key, value, timestamp, headers));
            Wake();
            return records.Count - 1;
        }
    }

    public InMemoryConsumer Join(string group)
    {
        lock (Gate)
        {
            var consumer = new InMemoryConsumer(this, Group(group));
            consumer.Group.Join(consumer);
            Wake();
            return consumer;
        }
    }

    public long Lag(string group)
    {
        lock (Gate)
        {
            return _records.Select((records, partition) => records.Count - Group(group).Committed(partition)).Sum();
        }
    }

    /// <summary>The record at a position, if it is there. Under <see cref="Gate"/>.</summary>
    public TopicRecord? At(int partition, long offset) => offset < _records[partition].Count ? _records[partition][(int)offset] : null;

    /// <summary>Completes when records or assignments change. Under <see cref="Gate"/>.</summary>
    public Task Changed => (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Under <see cref="Gate"/>.</summary>
    public void Wake()
    {
        _changed?.TrySetResult();
        _changed = null;
    }

    private InMemoryGroup Group(string group)
    {
        if (!_groups.TryGetValue(group, out var found))
        {
            _groups.Add(group, found = new InMemoryGroup(partitions));
        }
        return found;
    }
}
