using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Sending;

/// <summary>One delivery that is to be enqueued.</summary>
/// <param name="Event">The event.</param>
/// <param name="Delivery">The delivery.</param>
/// <param name="Delay">When it becomes visible to the channel.</param>
public sealed record OutgoingDelivery(EnvelopeEvent Event, EnvelopeDelivery Delivery, TimeSpan Delay)
{
    /// <summary>The parsed delivery id.</summary>
    public DeliveryId Id { get; } =
        DeliveryId.TryParse(Delivery.Id, out var id) ? id : throw new ArgumentException("No delivery id.", nameof(Delivery));
}
