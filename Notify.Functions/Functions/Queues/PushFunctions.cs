using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Storage;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Pipeline;

namespace Notify.Functions.Functions.Queues;

/// <summary>The push channel's lanes: they bind and delegate.</summary>
public sealed class PushFunctions(SendPipeline path)
{
    /// <summary>Sends bulk push.</summary>
    [Function("SendPush")]
    public Task SendPush(
        [QueueTrigger(ChannelQueues.Push, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        path.HandleAsync(Channel.Push, message, cancellationToken);

    /// <summary>Sends urgent push.</summary>
    [Function("SendPushUrgent")]
    public Task SendPushUrgent(
        [QueueTrigger(ChannelQueues.PushUrgent, Connection = StorageSettings.Connection)] string message,
        CancellationToken cancellationToken) =>
        path.HandleAsync(Channel.Push, message, cancellationToken);
}
