using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Notify.Functions.Infrastructure.Kafka;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.LocalHost.Backends;

/// <summary>
/// A member of a consumer group. A thread of its own polls the broker into a buffer, so that the member stays in the group however long its
/// reader takes over a batch; while the buffer is full the partitions are paused, not the polling.
/// </summary>
internal sealed class KafkaConsumer : ITopicConsumer
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan CatchUpInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(10);

    private readonly string _topic;
    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly KafkaPartitions _partitions;
    private readonly ILogger _logger;
    private readonly KafkaBuffer _buffer = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _native = new();
    private readonly HashSet<TopicPartition> _paused = [];
    private readonly Stopwatch _sinceCatchUp = Stopwatch.StartNew();
    private Task _catchingUp = Task.CompletedTask;
    private volatile bool _closing;
    private bool _gone;

    public KafkaConsumer(string topic, IConsumer<byte[]?, byte[]?> consumer, KafkaPartitions partitions, ILogger logger)
    {
        (_topic, _consumer, _partitions, _logger) = (topic, consumer, partitions, logger);
        new Thread(Run) { IsBackground = true, Name = $"kafka {topic}" }.Start();
    }

    public bool TryRead([NotNullWhen(true)] out TopicRecord? record)
    {
        while (!_closing && _buffer.TryTake(out record, out var term))
        {
            if (_partitions.MayHandOut(record.Partition, term))
            {
                return true;
            }
        }
        record = null;
        return false;
    }

    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) =>
        await _buffer.WaitAsync(cancellationToken) && !_closing;

    public Task CommitAsync(IReadOnlyList<TopicRecord> records, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var positions = records.GroupBy(record => record.Partition)
            .ToDictionary(partition => partition.Key, partition => partition.Max(record => record.Offset) + 1);
        _partitions.Done(positions);
        return Task.Run(Commit, cancellationToken).WaitAsync(cancellationToken);
    }

    /// <summary>Leaves the group; what is not committed comes to another member at once.</summary>
    public async ValueTask DisposeAsync()
    {
        _closing = true;
        _buffer.Close();
        await Task.WhenAny(_left.Task, Task.Delay(CloseLimit, TimeProvider.System, CancellationToken.None));
    }

    private void Commit()
    {
        try
        {
            // A commit may be under way when the reader has given up on it: the native client must not be taken apart under it.
            lock (_native)
            {
                if (!_gone)
                {
                    _partitions.Commit(_topic, _consumer.Commit);
                }
            }
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId)
        {
            // The group has gone on without this member: the partitions are another's already, or ours anew, or still ours and committed
            // the next time.
            KafkaLog.Write(_logger, e.Error);
        }
        catch (ObjectDisposedException) when (_closing)
        {
            // Closed while the reader was at its last batch: it comes again.
        }
    }

    private void Run()
    {
        Exception? fault = null;
        try
        {
            _consumer.Subscribe(_topic);
            while (!_closing)
            {
                if (_buffer.HasRoom(Tick))
                {
                    Fetch();
                    if (_partitions.TakeNew())
                    {
                        ResumePaused();
                    }
                }
                else
                {
                    KeepAlive();
                }
                CatchUp();
            }
        }
#pragma warning disable CA1031 // Whatever ends the thread has to reach the reader, or it would wait for ever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault = e;
        }
        _buffer.Close(fault);
        Leave();
    }

    /// <summary>Serves rebalances without taking records, until there is room in the buffer again.</summary>
    private void KeepAlive()
    {
        while (!_closing && !_buffer.HasRoom(TimeSpan.Zero))
        {
            // Again in each round: a partition may have come in the last one.
            var ours = _consumer.Assignment;
            _consumer.Pause(ours);
            _paused.UnionWith(ours);
            Fetch();
        }
        ResumePaused();
    }

    /// <summary>
    /// Those that are ours: one that went while it was paused comes back paused. One that is not paused would be read again from where it
    /// was assigned or paused last (librdkafka before 2.4).
    /// </summary>
    private void ResumePaused()
    {
        var ours = _consumer.Assignment.Where(_paused.Contains).ToList();
        if (ours.Count > 0)
        {
            _consumer.Resume(ours);
            _paused.ExceptWith(ours);
        }
    }

    /// <summary>
    /// Commits what could not be committed: there may be no next batch to do it with. Not on this thread, which has to poll.
    /// </summary>
    private void CatchUp()
    {
        if (_catchingUp.IsCompleted && _sinceCatchUp.Elapsed > CatchUpInterval && _partitions.IsBehind)
        {
            _sinceCatchUp.Restart();
            _catchingUp = Task.Run(() =>
            {
                try
                {
                    Commit();
                }
                catch (KafkaException e)
                {
                    KafkaLog.Write(_logger, e.Error);
                }
            });
        }
    }

    private void Fetch()
    {
        try
        {
            if (_consumer.Consume(Tick) is { Message: not null } fetched)
            {
                _buffer.Put(fetched.ToRecord(), _partitions.Fetched(fetched.Partition.Value, fetched.Offset.Value));
            }
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            // The topic may not be there yet, the broker may be away: librdkafka goes on trying.
            KafkaLog.Write(_logger, e.Error);
        }
    }

    private void Leave()
    {
        try
        {
            lock (_native)
            {
                _gone = true;
                _consumer.Close();
                _consumer.Dispose();
            }
        }
#pragma warning disable CA1031 // An exception that leaves a thread ends the process.
        catch (Exception e)
#pragma warning restore CA1031
        {
            KafkaLog.Write(_logger, e is KafkaException known ? known.Error : new Error(ErrorCode.Local_Fail, e.GetType().Name));
        }
        _left.TrySetResult();
    }
}
