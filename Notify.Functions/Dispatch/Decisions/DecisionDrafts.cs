using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Rules;
using Notify.Functions.Sending;
using Notify.Functions.Templates;

namespace Notify.Functions.Dispatch.Decisions;

/// <summary>Reads what decisions need, and decides. Writes nothing.</summary>
public sealed class DecisionDrafts(
    DecisionInputLoader inputs, KeyedHashes keyedHashes, TemplateRenderer templates, IOptions<ChannelsOptions> channels,
    IOptions<BatchingOptions> batching)
{
    /// <summary>The decisions for every recipient and channel of the targets, by the rules and recipients of the given time.</summary>
    public async Task<IReadOnlyList<DecisionDraft>> DraftAsync(
        IReadOnlyList<DispatchTarget> targets, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var all = targets.SelectMany(target => target.Recipients.SelectMany(recipient => target.Head.Event.Channels.Select(
            channel => (target.Head, Recipient: recipient, Channel: channel, IsThrottled: target.Throttled.Contains(recipient))))).ToList();
        var found = await inputs.OfAsync([.. all.Select(one => (one.Head.Event, one.Recipient, one.Channel))], cancellationToken);
        var contents = new Dictionary<EventRecord, (EnvelopeEvent Event, EventContent Content)>(ReferenceEqualityComparer.Instance);
        var drafts = new List<DecisionDraft>(all.Count);
        foreach (var ((head, recipient, _, isThrottled), delivery) in all.Zip(found))
        {
            if (!contents.TryGetValue(head, out var known))
            {
                var notification = EnvelopeEvent.From(head.Event) with { AcceptedAt = head.AcceptedAt };
                contents[head] = known = (notification, templates.ContentOf(notification));
            }
            // The words are looked at now, so that what cannot be said is decided and not found out by the sender; only a digest keeps
            // them.
            var rendering = delivery.Recipient is { } profile ? known.Content.For(delivery.Channel, profile) : null;
            drafts.Add(Decide(head, known.Event, rendering?.Content, recipient,
                delivery with { IsThrottled = isThrottled, TemplateFault = rendering?.Fault }, now));
        }
        return drafts;
    }

    private DecisionDraft Decide(
        EventRecord head, EnvelopeEvent notification, MessageContent? content, string recipient, DecisionInput delivery, DateTimeOffset now)
    {
        var id = keyedHashes.Delivery(head.Event, recipient, delivery.Channel);
        var row = new DecisionRow
        {
            Id = id,
            EventId = head.Event.Id,
            Tenant = head.Event.Tenant,
            Recipient = delivery.Recipient?.IsErasedFor(head.Event.CreatedAt) is true ? ErasedIds.For(id.RecipientHash) : recipient,
            Priority = head.Event.Priority,
            Type = head.Event.Type,
            Decision = head.IsCancelled(id) ? Decision.Cancel : DecisionRules.Decide(delivery, channels.Value, batching.Value, now),
            At = now,
        };
        var item = row.Decision.Kind == DecisionKind.Batch
            ? DigestItem.From(row, head.Event, RecipientQuestion.About(head.Event, delivery.Channel, delivery.Recipient!).Topics, content!)
            : null;
        var due = ScheduledDelivery.Keeps(row) ? ScheduledDelivery.From(row) : null;
        return new DecisionDraft(notification, new NewDecision(row, item, due), delivery.Recipient?.UsableOn(delivery.Channel) ?? []);
    }
}

/// <summary>A decision that is not written yet.</summary>
/// <param name="Event">The event as envelopes carry it.</param>
/// <param name="New">The rows to insert.</param>
/// <param name="Addresses">The recipient's addresses on the channel.</param>
public sealed record DecisionDraft(EnvelopeEvent Event, NewDecision New, IReadOnlyList<string> Addresses)
{
    /// <summary>The decision.</summary>
    public DecisionRow Row => New.Decision;
}
