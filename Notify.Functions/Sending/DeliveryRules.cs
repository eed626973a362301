using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Rules;

namespace Notify.Functions.Sending;

/// <summary>
/// The rules that forbid a delivery, whenever they are asked: when it is decided, when it is released, in a digest. Pure.
/// </summary>
internal static class DeliveryRules
{
    /// <summary>Why a delivery is not to be sent; <see langword="null"/> where nothing forbids it.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="isEnabled">Whether anything is sent on the channel.</param>
    /// <param name="recipient">The recipient's profile; <see langword="null"/> where the recipient is not known.</param>
    /// <param name="createdAt">The event's time.</param>
    /// <param name="expiresAt">After this nothing is sent.</param>
    /// <param name="ruling">What the recipient's own rules say.</param>
    /// <param name="now">The time.</param>
    public static Decision? Withheld(
        Channel channel, bool isEnabled, RecipientProfile? recipient, DateTimeOffset createdAt, DateTimeOffset? expiresAt, Ruling ruling,
        DateTimeOffset now)
    {
        if (expiresAt <= now)
        {
            return new Decision(DecisionKind.Expire, DeliveryReasons.Expired);
        }
        var reason = !isEnabled ? DeliveryReasons.ChannelDisabled
            : recipient is null ? DeliveryReasons.UnknownRecipient
            : recipient.IsErasedFor(createdAt) ? DeliveryReasons.Erased
            : recipient.AddressesOn(channel).Count == 0 ? DeliveryReasons.NoAddress
            : ruling.SuppressedBy;
        return reason is null ? null : new Decision(DecisionKind.Suppress, reason);
    }
}
