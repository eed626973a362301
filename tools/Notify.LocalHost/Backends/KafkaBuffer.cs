using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.LocalHost.Backends;

/// <summary>
/// Records between the thread that polls and the reader. It takes more than it has room for: whether to poll on is the thread's part.
/// </summary>
internal sealed class KafkaBuffer
{
    private const int Full = 1024;
    private const int RoomAgain = Full / 2;

    private readonly Channel<Fetched> _records = Channel.CreateUnbounded<Fetched>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly object _gate = new();
    private volatile bool _isFull;

    /// <summary>Whether there is room, after a wait where there is none.</summary>
    public bool HasRoom(TimeSpan wait)
    {
        lock (_gate)
        {
            return !_isFull || (Monitor.Wait(_gate, wait) && !_isFull);
        }
    }

    /// <summary>Puts a record in, with the term in which its partition was ours.</summary>
    public void Put(TopicRecord record, object? term)
    {
        _records.Writer.TryWrite(new Fetched(record, term));
        if (_records.Reader.Count >= Full)
        {
            _isFull = true;
            LookForRoom();
        }
    }

    public bool TryTake([NotNullWhen(true)] out TopicRecord? record, out object? term)
    {
        var found = _records.Reader.TryRead(out var fetched);
        if (found)
        {
            LookForRoom();
        }
        (record, term) = (fetched.Record, fetched.Term);
        return found;
    }

    /// <summary>Waits for a record; <see langword="false"/> once nothing more comes. Throws what the buffer was closed with.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _records.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Ends the reader's wait, and the thread's.</summary>
    public void Close(Exception? fault = null)
    {
        _records.Writer.TryComplete(fault);
        SayThereIsRoom();
    }

    /// <summary>Called after every read, and after room is said to be short: whichever comes last sees what there is.</summary>
    private void LookForRoom()
    {
        if (_isFull && _records.Reader.Count < RoomAgain)
        {
            SayThereIsRoom();
        }
    }

    private void SayThereIsRoom()
    {
        lock (_gate)
        {
            _isFull = false;
            Monitor.PulseAll(_gate);
        }
    }

    private readonly record struct Fetched(TopicRecord Record, object? Term);
}
