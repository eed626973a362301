using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;

namespace Notify.Functions.Dispatch.Decisions;

/// <summary>Decides one delivery. Pure: the same facts always give the same decision.</summary>
internal static class DecisionRules
{
    /// <summary>The decision, with its reason.</summary>
    /// <param name="delivery">What is known of the delivery.</param>
    /// <param name="channels">The channels' settings.</param>
    /// <param name="batching">The digests' settings.</param>
    /// <param name="now">The dispatcher's clock.</param>
    public static Decision Decide(DecisionInput delivery, ChannelsOptions channels, BatchingOptions batching, DateTimeOffset now)
    {
        var (notification, channel, recipient) = delivery;
        if (DeliveryRules.Withheld(channel, channels.For(channel).Enabled, recipient, notification.CreatedAt, notification.ExpiresAt,
            delivery.Ruling, now) is { } withheld)
        {
            return withheld;
        }
        if (delivery.IsThrottled && !delivery.IsDue && notification.Priority != Priority.Critical)
        {
            return Suppress(DeliveryReasons.Throttled);
        }
        if (delivery.TemplateFault is { } fault)
        {
            return Suppress(fault);
        }
        var (due, reason) = Start(delivery, now);
        if (notification.ExpiresAt <= due)
        {
            return new Decision(DecisionKind.Expire, DeliveryReasons.ExpiresBeforeDue);
        }
        if (!delivery.IsDue && !delivery.RefusesDigests && batching.Takes(notification.Type, notification.Priority, channel))
        {
            return new Decision(DecisionKind.Batch, DeliveryReasons.Digest, DigestItem.WindowEndAfter(due, batching.Window));
        }
        return due > now ? new Decision(DecisionKind.Defer, reason, due) : Decision.Send;
    }

    // The later of what the producer and the recipient want, and who wants it.
    private static (DateTimeOffset Due, string Reason) Start(DecisionInput delivery, DateTimeOffset now)
    {
        var start = (Due: now, Reason: DeliveryReasons.Send);
        if (delivery.Event.SendAt > start.Due)
        {
            start = (delivery.Event.SendAt.Value, DeliveryReasons.SendAt);
        }
        if (delivery.Ruling.NotBefore > start.Due)
        {
            start = (delivery.Ruling.NotBefore.Value, delivery.Ruling.DeferredBy ?? DeliveryReasons.QuietHours);
        }
        return start;
    }

    private static Decision Suppress(string reason) => new(DecisionKind.Suppress, reason);
}
