using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Storage;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Pipeline;

namespace Notify.Functions.Functions.Queues;

/// <summary>The inbox channel's lanes: they bind and delegate.</summary>
public sealed class InAppFunctions(SendPipeline path)
{
    /// <summary>Sends bulk in-app notifications.</summary>
    [Function("SendInApp")]
    public Task SendInApp(
        [QueueTrigger(ChannelQueues.InApp, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        path.HandleAsync(Channel.InApp, message, cancellationToken);

    /// <summary>Sends urgent in-app notifications.</summary>
    [Function("SendInAppUrgent")]
    public Task SendInAppUrgent(
        [QueueTrigger(ChannelQueues.InAppUrgent, Connection = StorageSettings.Connection)] string message,
        CancellationToken cancellationToken) =>
        path.HandleAsync(Channel.InApp, message, cancellationToken);
}
