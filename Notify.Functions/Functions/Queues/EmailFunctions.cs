using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Storage;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Pipeline;

namespace Notify.Functions.Functions.Queues;

/// <summary>The email channel's lanes: they bind and delegate.</summary>
public sealed class EmailFunctions(SendPipeline path)
{
    /// <summary>Sends bulk email.</summary>
    [Function("SendEmail")]
    public Task SendEmail(
        [QueueTrigger(ChannelQueues.Email, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        path.HandleAsync(Channel.Email, message, cancellationToken);

    /// <summary>Sends urgent email.</summary>
    [Function("SendEmailUrgent")]
    public Task SendEmailUrgent(
        [QueueTrigger(ChannelQueues.EmailUrgent, Connection = StorageSettings.Connection)] string message,
        CancellationToken cancellationToken) =>
        path.HandleAsync(Channel.Email, message, cancellationToken);
}
