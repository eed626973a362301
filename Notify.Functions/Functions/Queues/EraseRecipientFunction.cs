using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Erasure;
using Notify.Functions.Infrastructure.Storage;

namespace Notify.Functions.Functions.Queues;

/// <summary>The queue of recipients that are to be erased.</summary>
public sealed class EraseRecipientFunction(ErasureSweep sweep)
{
    /// <summary>Goes through everything that is kept of a recipient.</summary>
    [Function("EraseRecipient")]
    public Task EraseRecipient(
        [QueueTrigger(RecipientErasure.Queue, Connection = StorageSettings.Connection)] string message,
        CancellationToken cancellationToken) =>
        sweep.EraseAsync(EraseRecipientCommand.Read(message), cancellationToken);
}
