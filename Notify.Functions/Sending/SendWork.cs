using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Sending;

/// <summary>One delivery on its way through the send path.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Event">The event.</param>
/// <param name="Delivery">The delivery as the envelope has it.</param>
public sealed record SendWork(AttemptId Attempt, EnvelopeEvent Event, EnvelopeDelivery Delivery)
{
    /// <summary>What to say; <see langword="null"/> until a template has been rendered. One object for all who are told the same.</summary>
    public MessageContent? Content { get; init; } = Event.Content;

    /// <summary>
    /// The locale of the template that has the words; empty for the default one, and for words that the producer has written.
    /// </summary>
    public string Locale { get; init; } = string.Empty;

    /// <summary>From when on it is late that no provider has it: when it was due, else when its event was accepted.</summary>
    internal DateTimeOffset Start => Delivery.Due ?? Event.AcceptedAt ?? Attempt.Delivery.CreatedAt;

    internal static SendWork From(Envelope envelope, EnvelopeDelivery delivery) =>
        DeliveryId.TryParse(delivery.Id, out var id)
            ? new SendWork(new AttemptId(id, delivery.Attempt), envelope.Events[id.EventHash], delivery)
            : throw new EnvelopeFormatException("The envelope holds no delivery id.");

    /// <summary>The same delivery's next attempt, to be enqueued.</summary>
    internal OutgoingDelivery Next(TimeSpan delay) =>
        new(Event, Delivery with { Attempt = Delivery.Attempt + 1, Rescued = false, Deferral = null }, delay);

    /// <summary>The same attempt again, to be enqueued.</summary>
    internal OutgoingDelivery Again(TimeSpan delay, Deferral? deferral = null) => new(Event, Delivery with { Deferral = deferral }, delay);
}
