using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Cancellation;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Infrastructure.Storage;

namespace Notify.Functions.Functions.Queues;

/// <summary>The queues of topic ranges: they bind and delegate.</summary>
public sealed class FanOutFunctions(FanOutHandler range, FanOutCancellation cancellation)
{
    /// <summary>Goes through a range of a normal or low event.</summary>
    [Function("FanOut")]
    public Task FanOut(
        [QueueTrigger(FanOutQueue.Queue, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        RunAsync(FanOutCommand.Read(message), cancellationToken);

    /// <summary>Goes through a range of a critical or high event.</summary>
    [Function("FanOutUrgent")]
    public Task FanOutUrgent(
        [QueueTrigger(FanOutQueue.UrgentQueue, Connection = StorageSettings.Connection)] string message,
        CancellationToken cancellationToken) =>
        RunAsync(FanOutCommand.Read(message), cancellationToken);

    private Task RunAsync(FanOutCommand command, CancellationToken cancellationToken) => command.Step == FanOutStep.Cancel
        ? cancellation.CancelAsync(command, cancellationToken)
        : range.DecideAsync(command, cancellationToken);
}
