using Notify.Functions.Contract;

namespace Notify.Functions.Ledger;

/// <summary>What became of one delivery that was to be cancelled.</summary>
/// <param name="Id">The delivery id.</param>
/// <param name="Recipient">The recipient as the producer named it.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Cancelled">Whether it is cancelled; where not, it was too late, and the status says for what.</param>
/// <param name="Status">The status, in lower case.</param>
/// <param name="Reason">Why it has this status.</param>
public sealed record CancelledDelivery(string Id, string Recipient, string Channel, bool Cancelled, string Status, string Reason)
{
    internal static CancelledDelivery From(DeliveryRecord delivery, DeliveryRecord? digest)
    {
        var (decision, attempts) = delivery;
        var view = Timeline.Build(delivery, digest);
        var cancelled = StatusRule.Apply(decision, attempts) == DeliveryStatus.Cancelled;
        var unsure = cancelled && attempts.Any(attempt => attempt.UnknownAt is not null);
        return new CancelledDelivery(
            view.Id, decision.Recipient, decision.Id.Channel.Name(), cancelled, view.Status, unsure
            ? DeliveryReasons.CancelledAfterUnknown : view.Reason);
    }
}
