using System.Globalization;
using Notify.LocalHost.Runtime.Queues;

namespace Notify.LocalHost.InMemory;

/// <summary>The messages of one queue, by the time from which they can be received.</summary>
internal sealed class InMemoryQueue
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Message> _messages = new(StringComparer.Ordinal);

    /// <summary>May hold outdated entries: one counts only while its receipt is the message's own.</summary>
    private readonly PriorityQueue<(Message Message, long Receipt), (DateTimeOffset VisibleAt, long Order)> _byTime = new();
    private long _last;

    public long Count
    {
        get
        {
            lock (_lock)
            {
                return _messages.Count;
            }
        }
    }

    public void Add(byte[] body, DateTimeOffset now, TimeSpan delay)
    {
        lock (_lock)
        {
            var message = new Message((++_last).ToString(CultureInfo.InvariantCulture), body, now);
            _messages.Add(message.Id, message);
            Schedule(message, now + delay);
        }
    }

    /// <summary>When the message was added that is next to be received, if one is visible.</summary>
    public DateTimeOffset? Oldest(DateTimeOffset now)
    {
        lock (_lock)
        {
            while (_byTime.TryPeek(out var entry, out var priority) && priority.VisibleAt <= now)
            {
                if (entry.Message.Receipt == entry.Receipt)
                {
                    return entry.Message.InsertedAt;
                }
                _byTime.Dequeue();
            }
            return null;
        }
    }

    public List<QueueLease> Receive(string queue, int max, DateTimeOffset now, TimeSpan lease)
    {
        var received = new List<QueueLease>();
        lock (_lock)
        {
            while (received.Count < max && _byTime.TryPeek(out var entry, out var priority) && priority.VisibleAt <= now)
            {
                _byTime.Dequeue();
                var message = entry.Message;
                if (message.Receipt != entry.Receipt)
                {
                    continue;
                }
                message.DequeueCount++;
                var receipt = Schedule(message, now + lease);
                received.Add(new QueueLease(queue, message.Id, receipt, message.Body.ToArray(), message.DequeueCount, message.InsertedAt));
            }
        }
        return received;
    }

    /// <summary>
    /// Moves the time from which the message is visible, and returns its new receipt; nothing where the lease is outdated.
    /// </summary>
    public string? Update(QueueLease lease, DateTimeOffset visibleAt)
    {
        lock (_lock)
        {
            return Find(lease) is { } message ? Schedule(message, visibleAt) : null;
        }
    }

    /// <summary>Takes the message away and returns its body; nothing where the lease is outdated.</summary>
    public byte[]? Remove(QueueLease lease)
    {
        lock (_lock)
        {
            if (Find(lease) is not { } message)
            {
                return null;
            }
            _messages.Remove(message.Id);
            message.Receipt = 0;
            return message.Body;
        }
    }

    private Message? Find(QueueLease lease) =>
        _messages.TryGetValue(lease.MessageId, out var message)
        && string.Equals(message.Receipt.ToString(CultureInfo.InvariantCulture), lease.Receipt, StringComparison.Ordinal)
            ? message
            : null;

    private string Schedule(Message message, DateTimeOffset visibleAt)
    {
        message.Receipt = ++_last;
        _byTime.Enqueue((message, message.Receipt), (visibleAt, message.Receipt));
        return message.Receipt.ToString(CultureInfo.InvariantCulture);
    }

    private sealed class Message(string id, byte[] body, DateTimeOffset insertedAt)
    {
        public string Id { get; } = id;

        public byte[] Body { get; } = body;

        public DateTimeOffset InsertedAt { get; } = insertedAt;

        public long DequeueCount { get; set; }

        /// <summary>Number of the latest receipt; 0 once deleted.</summary>
        public long Receipt { get; set; }
    }
}
