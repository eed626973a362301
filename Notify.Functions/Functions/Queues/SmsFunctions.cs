using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Channels.Sending;
using Notify.Functions.Events;
using Notify.Functions.Storage;

namespace Notify.Functions.Channels.Sms;

/// <summary>The sms channel's lanes: they bind and delegate.</summary>
public sealed class SmsFunctions(SendPath path)
{
    /// <summary>Sends bulk text messages.</summary>
    [Function("SendSms")]
    public Task SendSms(
        [QueueTrigger(Lanes.Sms, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        path.HandleAsync(Channel.Sms, message, cancellationToken);

    /// <summary>Sends urgent text messages.</summary>
    [Function("SendSmsUrgent")]
    public Task SendSmsUrgent(
        [QueueTrigger(Lanes.SmsUrgent, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        path.HandleAsync(Channel.Sms, message, cancellationToken);
}
