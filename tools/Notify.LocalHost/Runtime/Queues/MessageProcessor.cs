using Microsoft.Extensions.Logging;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Invocation;

namespace Notify.LocalHost.Runtime.Queues;

/// <summary>Works on one message: runs the function under a lease and does what the queue trigger's rules say of the result.</summary>
internal sealed partial class MessageProcessor(
    AppFunction function, IFunctionInvoker invoker, IQueueSource source, QueueTriggerOptions options, TimeProvider clock, ILogger logger)
{
    /// <summary>Ends without an exception, whatever happens: a message that could not be settled comes again when its lease ends.</summary>
    public async Task ProcessAsync(QueueLease lease, Drain drain)
    {
        try
        {
            await RunAsync(lease, drain);
        }
        catch (Exception fault)
        {
            NotSettled(function.Name, lease.MessageId, fault);
        }
    }

    private async Task RunAsync(QueueLease lease, Drain drain)
    {
        var poison = QueueNames.PoisonOf(lease.Queue);
        if (lease.Body is not { } body)
        {
            NotBase64(function.Name, lease.MessageId);
            await GiveUpAsync(lease, poison);
            return;
        }
        if (poison is not null && lease.DequeueCount > options.MaxDequeueCount)
        {
            // It was in hand as often as it may be, and whoever had it died.
            await GiveUpAsync(lease, poison);
            return;
        }
        Exception? fault = null;
        await using (var renewal = LeaseRenewal.Start(source, lease, options.Lease, clock, logger))
        {
            try
            {
                await invoker.InvokeAsync(function, QueueValues.From(body, function.TriggerValueType), drain.Abandoned);
            }
            catch (Exception thrown)
            {
                fault = thrown;
            }
            lease = await renewal.StopAsync();
        }
        await SettleAsync(lease, poison, fault, drain);
    }

    private async Task SettleAsync(QueueLease lease, string? poison, Exception? fault, Drain drain)
    {
        if (fault is null)
        {
            if (!await source.DeleteAsync(lease, CancellationToken.None))
            {
                DoneTwice(function.Name, lease.MessageId);
            }
            return;
        }
        // A function that cannot begin any more because its process ends has not failed.
        if (drain.Stopping.IsCancellationRequested)
        {
            Abandoned(function.Name, lease.MessageId);
            await source.ReleaseAsync(lease, TimeSpan.Zero, CancellationToken.None);
            return;
        }
        Failed(function.Name, lease.MessageId, lease.DequeueCount, fault);
        if (lease.DequeueCount >= options.MaxDequeueCount)
        {
            await GiveUpAsync(lease, poison);
        }
        else if (poison is not null)
        {
            await source.ReleaseAsync(lease, options.VisibilityTimeout, CancellationToken.None);
        }
    }

    /// <summary>A poison queue's own messages stay where they are, hidden until their lease ends, as the trigger leaves them.</summary>
    private async Task GiveUpAsync(QueueLease lease, string? poison)
    {
        if (poison is null)
        {
            return;
        }
        if (await source.MoveAsync(lease, poison, CancellationToken.None))
        {
            Poisoned(function.Name, lease.MessageId, lease.DequeueCount, poison);
        }
    }

    [LoggerMessage(EventId = 8211, Level = LogLevel.Error, Message = "{function} failed on message {message}, try {attempt}")]
    private partial void Failed(string function, string message, long attempt, Exception fault);

    [LoggerMessage(EventId = 8212, Level = LogLevel.Error,
        Message = "{function}: message {message} moved to {queue} after {attempts} tries")]
    private partial void Poisoned(string function, string message, long attempts, string queue);

    [LoggerMessage(EventId = 8213, Level = LogLevel.Warning,
        Message = "{function}: message {message} is done, but its lease was lost; it may be done again")]
    private partial void DoneTwice(string function, string message);

    [LoggerMessage(EventId = 8214, Level = LogLevel.Warning,
        Message = "{function}: message {message} could not be settled; it comes again when its lease ends")]
    private partial void NotSettled(string function, string message, Exception fault);

    [LoggerMessage(EventId = 8215, Level = LogLevel.Warning,
        Message = "{function}: message {message} was given up at shutdown; it comes again")]
    private partial void Abandoned(string function, string message);

    [LoggerMessage(EventId = 8216, Level = LogLevel.Error, Message = "{function}: message {message} is not base64")]
    private partial void NotBase64(string function, string message);
}
