using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Storage;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Pipeline;

namespace Notify.Functions.Functions.Queues;

/// <summary>The sms channel's lanes: they bind and delegate.</summary>
public sealed class SmsFunctions(SendPipeline path)
{
    /// <summary>Sends bulk text messages.</summary>
    [Function("SendSms")]
    public Task SendSms(
        [QueueTrigger(ChannelQueues.Sms, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        path.HandleAsync(Channel.Sms, message, cancellationToken);

    /// <summary>Sends urgent text messages.</summary>
    [Function("SendSmsUrgent")]
    public Task SendSmsUrgent(
        [QueueTrigger(ChannelQueues.SmsUrgent, Connection = StorageSettings.Connection)] string message,
        CancellationToken cancellationToken) =>
        path.HandleAsync(Channel.Sms, message, cancellationToken);
}
