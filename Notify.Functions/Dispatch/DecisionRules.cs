using Notify.Functions.Channels;
using Notify.Functions.Delivery;
using Notify.Functions.Digests;
using Notify.Functions.Events;
using Notify.Functions.Recipients;

namespace Notify.Functions.Dispatch;

/// <summary>Decides one delivery. Pure: the same facts always give the same decision.</summary>
public static class DecisionRules
{
    /// <summary>The decision, with its reason.</summary>
    /// <param name="notification">The event.</param>
    /// <param name="channel">One of its channels.</param>
    /// <param name="recipient">The recipient's profile; <see langword="null"/> where the recipient is not known.</param>
    /// <param name="channels">The channels' settings.</param>
    /// <param name="batching">The digests' settings.</param>
    /// <param name="now">The dispatcher's clock.</param>
    public static Decision Decide(
        NotificationEvent notification, Channel channel, RecipientProfile? recipient, ChannelsOptions channels, BatchingOptions batching, DateTimeOffset now)
    {
        if (notification.ExpiresAt <= now)
        {
            return new Decision(DecisionKind.Expire, Reasons.Expired);
        }
        if (!channels.Of(channel).Enabled)
        {
            return new Decision(DecisionKind.Suppress, Reasons.ChannelDisabled);
        }
        if (recipient is null)
        {
            return new Decision(DecisionKind.Suppress, Reasons.UnknownRecipient);
        }
        if (recipient.AddressesOn(channel).Count == 0)
        {
            return new Decision(DecisionKind.Suppress, Reasons.NoAddress);
        }
        return batching.Takes(notification.Type, notification.Priority, channel)
            ? new Decision(DecisionKind.Batch, Reasons.Digest, DigestItem.WindowEndAfter(now, batching.Window))
            : Decision.Send;
    }
}
