using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Rules;
using Notify.Functions.Recipients.Unsubscribe;
using Notify.Functions.Sending;
using Notify.Functions.Templates;

namespace Notify.Functions.Digests;

/// <summary>Makes a digest out of items: its decision, and the message that sends it.</summary>
public sealed class DigestComposer(KeyedHashes keyedHashes, DigestContents contents, TimeProvider time)
{
    /// <summary>The digest of as many items, from the first on, as one queue message and one unsubscribe link hold.</summary>
    /// <param name="group">Items of one recipient and channel.</param>
    /// <param name="recipient">The recipient.</param>
    /// <param name="isRefused">Whether the recipient wants no digests: then it goes by the category of what is in it.</param>
    internal (DecisionRow Decision, ClosedDigest Closed, IReadOnlyList<DigestItem> Taken) Compose(
        IReadOnlyList<DigestItem> group, RecipientProfile recipient, bool isRefused)
    {
        var first = group[0];
        var id = first.Delivery with { CreatedAt = first.WindowEnd, EventHash = keyedHashes.DigestHash(first.Delivery) };
        var (message, taken) = Fit(id, group, recipient, isRefused ? first.Category : PreferenceRules.DigestCategory);
        var decision = new DecisionRow
        {
            Id = id,
            EventId = EventIdOf(id),
            Tenant = first.Tenant,
            Recipient = first.Recipient,
            Priority = Priority.Low,
            Type = TypeOf(taken),
            Decision = Decision.Send,
            At = time.GetUtcNow(),
            Members = string.Join(' ', taken.Select(item => item.Delivery)),
        };
        return (decision, new ClosedDigest(id, ChannelQueues.QueueFor(id.Channel, urgent: false), message), taken);
    }

    private (string Message, IReadOnlyList<DigestItem> Taken) Fit(
        DeliveryId id, IReadOnlyList<DigestItem> group, RecipientProfile recipient, string? category)
    {
        IReadOnlyList<DigestEntry> entries = [.. group.Select(item => item.Entry)];
        var notification = new EnvelopeEvent
        {
            Id = EventIdOf(id),
            Tenant = group[0].Tenant,
            Type = TypeOf(group),
            Priority = Priority.Low,
            Category = category,
            // For an older version, which sends this; the present one makes it anew of what may be shown by then.
            Content = contents.Render(entries, id.Channel, recipient).Content ?? DigestContents.Plain(entries),
            Digest = entries,
        };
        var envelope = new Envelope(
            id.Channel,
            Urgent: false,
            new Dictionary<string, EnvelopeEvent>(StringComparer.Ordinal) { [id.EventHash] = notification },
            [new EnvelopeDelivery(id.ToString(), Attempt: 1, group[0].Recipient, recipient.UsableOn(id.Channel))]);
        var isOneLink = UnsubscribeLinks.CanName(UnsubscribeLinks.CategoriesOf(entries));
        if (EnvelopeSerializer.TryWrite(envelope, out var message) && (isOneLink || group.Count == 1))
        {
            return (message, group);
        }
        return group.Count == 1
            ? throw new InvalidOperationException("A single digest item is too large for a queue message.")
            : Fit(id, [.. group.Take(group.Count / 2)], recipient, category);
    }

    private static string EventIdOf(DeliveryId digest) => $"digest.{digest.EventHash}";

    // An alert among advertisements must not be dropped with them.
    private static EventType TypeOf(IReadOnlyList<DigestItem> items) =>
        items.Any(item => item.Type == EventType.Alert) ? EventType.Alert : EventType.Marketing;
}
