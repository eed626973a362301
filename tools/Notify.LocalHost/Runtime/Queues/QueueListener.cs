using Microsoft.Extensions.Logging;
using Notify.LocalHost.Runtime.Catalog;

namespace Notify.LocalHost.Runtime.Queues;

/// <summary>Starts a function by a queue's messages. Every function has a listener, and so a concurrency, of its own.</summary>
internal sealed partial class QueueListener(
    QueueFunctionTrigger trigger, IQueueSource source, MessageProcessor processor, QueueTriggerOptions options, TimeProvider clock,
    ILogger logger)
    : ITriggerListener
{
    /// <summary>
    /// How long a look at the queue may take once the host stops: cut off, it could leave messages hidden for a whole lease.
    /// </summary>
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(2);

    private readonly HashSet<Task> _inHand = [];
    private int _failures;

    public async Task RunAsync(Drain drain)
    {
        ArgumentNullException.ThrowIfNull(drain);
        TimeSpan? wait = null;
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = drain.Stopping.Register(stopped.SetResult);
        while (!drain.Stopping.IsCancellationRequested)
        {
            var leases = await ReceiveAsync(drain);
            foreach (var lease in leases)
            {
                _inHand.Add(processor.ProcessAsync(lease, drain));
            }
            if (leases.Count > 0)
            {
                wait = null;
                await WaitForRoomAsync(stopped.Task);
            }
            else
            {
                wait = PollingBackoff.Next(wait, options.MaxPollingInterval);
                var failing = _failures > 0 ? Wait.AfterFailures(_failures) : TimeSpan.Zero;
                await Wait.ForAsync(failing > wait ? failing : wait.Value, clock, drain.Stopping);
            }
        }
        await Task.WhenAll(_inHand);
    }

    private async Task<IReadOnlyList<QueueLease>> ReceiveAsync(Drain drain)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(drain.Abandoned);
        using var stopping = drain.Stopping.Register(static l => ((CancellationTokenSource)l!).CancelAfter(LastLook), limit);
        try
        {
            var leases = await source.ReceiveAsync(trigger.Queue, options.BatchSize, options.Lease, limit.Token);
            if (_failures > 0)
            {
                BackAgain(trigger.Queue, _failures);
                _failures = 0;
            }
            return leases;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return [];
        }
        catch (Exception fault)
        {
            if (_failures++ == 0)
            {
                NotReadable(trigger.Queue, fault);
            }
            return [];
        }
    }

    /// <summary>Waits until few enough messages are in hand to receive more, or the host stops.</summary>
    private async Task WaitForRoomAsync(Task stopped)
    {
        _inHand.RemoveWhere(static t => t.IsCompleted);
        while (_inHand.Count > options.NewBatchThreshold && !stopped.IsCompleted)
        {
            await Task.WhenAny([.. _inHand, stopped]);
            _inHand.RemoveWhere(static t => t.IsCompleted);
        }
    }

    [LoggerMessage(EventId = 8221, Level = LogLevel.Warning, Message = "Queue {queue} cannot be read; trying on")]
    private partial void NotReadable(string queue, Exception fault);

    [LoggerMessage(EventId = 8222, Level = LogLevel.Information,
        Message = "Queue {queue} can be read again, after {failures} failed tries")]
    private partial void BackAgain(string queue, int failures);
}
