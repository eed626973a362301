using System.Diagnostics.CodeAnalysis;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.LocalHost.InMemory;

/// <summary>A member of a group of an embedded topic.</summary>
internal sealed class InMemoryConsumer(InMemoryTopic topic, InMemoryGroup group) : ITopicConsumer
{
    private bool _closed;
    private int _next;

    public InMemoryGroup Group => group;

    public bool TryRead([NotNullWhen(true)] out TopicRecord? record)
    {
        lock (topic.Gate)
        {
            record = Peek();
            if (record is null)
            {
                return false;
            }
            group.Advance(record.Partition);
            _next = (record.Partition + 1) % topic.Partitions;
            return true;
        }
    }

    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (topic.Gate)
            {
                if (_closed)
                {
                    return false;
                }
                if (Peek() is not null)
                {
                    return true;
                }
                changed = topic.Changed;
            }
            await changed.WaitAsync(cancellationToken);
        }
    }

    public Task CommitAsync(IReadOnlyList<TopicRecord> records, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        cancellationToken.ThrowIfCancellationRequested();
        lock (topic.Gate)
        {
            foreach (var record in records)
            {
                if (group.Owns(this, record.Partition))
                {
                    group.Commit(record.Partition, record.Offset + 1);
                }
            }
        }
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        lock (topic.Gate)
        {
            _closed = true;
            group.Leave(this);
            topic.Wake();
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>The next record of one of this member's partitions, taking the partitions in turns.</summary>
    private TopicRecord? Peek()
    {
        for (var i = 0; i < topic.Partitions; i++)
        {
            var partition = (_next + i) % topic.Partitions;
            if (group.Owns(this, partition) && topic.At(partition, group.Position(partition)) is { } record)
            {
                return record;
            }
        }
        return null;
    }
}
