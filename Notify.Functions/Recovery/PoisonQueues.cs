using Microsoft.Extensions.Logging;
using Notify.Functions.Health;
using Notify.Functions.Infrastructure.Queues;

namespace Notify.Functions.Recovery;

/// <summary>Takes what lies in the poison queues to where it is handled.</summary>
public sealed partial class PoisonQueues(IQueues queues, PoisonMessages messages, ILogger<PoisonQueues> logger)
{
    private const int AtOnce = 16;

    /// <summary>Far longer than a batch takes; what a death leaves behind is taken up again after it.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Handles every message of every poison queue. One that cannot be handled now stays, and comes again after its lease.
    /// </summary>
    public Task DrainAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Backlog.Queues.Select(queue => DrainAsync(queue, cancellationToken)));

    private async Task DrainAsync(string queue, CancellationToken cancellationToken)
    {
        while (await queues.ReceiveRawAsync(Backlog.PoisonOf(queue), AtOnce, Lease, cancellationToken) is { Count: > 0 } received)
        {
            foreach (var message in received)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await HandleAsync(queue, message, cancellationToken);
            }
        }
    }

    private async Task HandleAsync(string queue, RawMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await messages.HandleAsync(queue, message.Text, cancellationToken);
            await queues.DeleteRawAsync(message, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            NotHandled(message.Queue, message.Id, Lease, fault);
        }
    }

    [LoggerMessage(EventId = 2431, Level = LogLevel.Error,
        Message = "Message {message} of {queue} could not be handled; it comes again in {lease}")]
    private partial void NotHandled(string queue, string message, TimeSpan lease, Exception fault);
}
