using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Channels;
using Notify.Functions.Digests;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Events;
using Notify.Functions.Recipients.Erasure;
using Notify.Functions.Storage;

namespace Notify.Functions.DeadLetters;

/// <summary>The owners of the poison queues: they bind and delegate.</summary>
public sealed class PoisonFunctions(PoisonMessages poison)
{
    private const string Suffix = "-poison";

    /// <summary>Looks after what bulk email left.</summary>
    [Function("PoisonEmail")]
    public Task PoisonEmail([QueueTrigger(Lanes.Email + Suffix, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        poison.HandleEnvelopeAsync(Lanes.Email, Channel.Email, message, cancellationToken);

    /// <summary>Looks after what urgent email left.</summary>
    [Function("PoisonEmailUrgent")]
    public Task PoisonEmailUrgent([QueueTrigger(Lanes.EmailUrgent + Suffix, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        poison.HandleEnvelopeAsync(Lanes.EmailUrgent, Channel.Email, message, cancellationToken);

    /// <summary>Looks after what bulk text messages left.</summary>
    [Function("PoisonSms")]
    public Task PoisonSms([QueueTrigger(Lanes.Sms + Suffix, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        poison.HandleEnvelopeAsync(Lanes.Sms, Channel.Sms, message, cancellationToken);

    /// <summary>Looks after what urgent text messages left.</summary>
    [Function("PoisonSmsUrgent")]
    public Task PoisonSmsUrgent([QueueTrigger(Lanes.SmsUrgent + Suffix, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        poison.HandleEnvelopeAsync(Lanes.SmsUrgent, Channel.Sms, message, cancellationToken);

    /// <summary>Looks after what bulk push left.</summary>
    [Function("PoisonPush")]
    public Task PoisonPush([QueueTrigger(Lanes.Push + Suffix, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        poison.HandleEnvelopeAsync(Lanes.Push, Channel.Push, message, cancellationToken);

    /// <summary>Looks after what urgent push left.</summary>
    [Function("PoisonPushUrgent")]
    public Task PoisonPushUrgent([QueueTrigger(Lanes.PushUrgent + Suffix, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        poison.HandleEnvelopeAsync(Lanes.PushUrgent, Channel.Push, message, cancellationToken);

    /// <summary>Looks after what the bulk inbox left.</summary>
    [Function("PoisonInApp")]
    public Task PoisonInApp([QueueTrigger(Lanes.InApp + Suffix, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        poison.HandleEnvelopeAsync(Lanes.InApp, Channel.InApp, message, cancellationToken);

    /// <summary>Looks after what the urgent inbox left.</summary>
    [Function("PoisonInAppUrgent")]
    public Task PoisonInAppUrgent([QueueTrigger(Lanes.InAppUrgent + Suffix, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        poison.HandleEnvelopeAsync(Lanes.InAppUrgent, Channel.InApp, message, cancellationToken);

    /// <summary>Looks after what the ranges of topics left.</summary>
    [Function("PoisonFanOut")]
    public Task PoisonFanOut([QueueTrigger(FanOutOrders.Queue + Suffix, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        poison.HandleFanOutAsync(FanOutOrders.Queue, message, cancellationToken);

    /// <summary>Looks after what the ranges of topics of urgent events left.</summary>
    [Function("PoisonFanOutUrgent")]
    public Task PoisonFanOutUrgent([QueueTrigger(FanOutOrders.UrgentQueue + Suffix, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        poison.HandleFanOutAsync(FanOutOrders.UrgentQueue, message, cancellationToken);

    /// <summary>Looks after what the erasing of recipients left.</summary>
    [Function("PoisonErase")]
    public Task PoisonErase([QueueTrigger(RecipientErasure.Queue + Suffix, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken) =>
        poison.HandleErasureAsync(message, cancellationToken);

    /// <summary>Takes away what the digests left.</summary>
    [Function("PoisonDigests")]
    public Task PoisonDigests([QueueTrigger(DigestSettings.Queue + Suffix, Connection = StorageSettings.Connection)] string message) => poison.HandleDigestsAsync(DigestSettings.Queue);
}
