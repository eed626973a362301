using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Rules;
using Notify.Functions.Sending;
using Notify.Functions.Telemetry;
using Notify.Functions.Templates;

namespace Notify.Functions.Dispatch.Decisions;

/// <summary>Decides every delivery of the given audiences, writes the decisions down and enqueues what is to be sent.</summary>
public sealed class DeliveryDecider(
    DecisionInputLoader cases, KeyedHashes keyedHashes, DeliveryTable deliveries, EnvelopeQueue packer, TemplateRenderer templates, IOptions<ChannelsOptions> channels, IOptions<BatchingOptions> batching, NotifyMetrics metrics,
    TimeProvider time)
{
    // An erasure goes through the ledger at once, and once more after a quarter of an hour: what is written sooner is found.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>
    /// First the ledger, then the queues. Repeating it changes no decision and enqueues only what was never tried. Returns the decisions
    /// that stand.
    /// </summary>
    public async Task<IReadOnlyList<Decision>> WriteAsync(IReadOnlyList<DispatchTarget> audiences, CancellationToken cancellationToken)
    {
        var read = new Lease(time, Fresh);
        var drafts = await DraftAsync(audiences, time.GetUtcNow(), cancellationToken);
        var existing = await deliveries.InsertDecisionsAsync(drafts.Select(draft => draft.New), cancellationToken);
        CrashPoint.Hit(CrashPoint.AfterDecisions);
        // Stopped, or held up, now or when it was written first: who was erased since must not be named again. What is sent is asked for by the sender.
        var since = read.IsOver ? await DraftAsync(audiences, time.GetUtcNow(), cancellationToken) : drafts.Where(draft => existing.ContainsKey(draft.Row.Id));
        await deliveries.AnonymizeAsync(since.Select(draft => draft.Row).Where(row => ErasedIds.TryRead(row.Recipient, out _)).Select(row => row.Id), cancellationToken);
        var decisions = new List<Decision>(drafts.Count);
        var outgoing = new List<OutgoingDelivery>();
        foreach (var draft in drafts)
        {
            var isFirst = !existing.TryGetValue(draft.Row.Id, out var first);
            var stands = first ?? draft.Row;
            decisions.Add(stands.Decision);
            if (isFirst)
            {
                metrics.Decided(stands);
            }
            if (stands.Decision.Kind is DecisionKind.Send or DecisionKind.Defer && !ScheduledDelivery.Keeps(stands)
                && (isFirst || !await deliveries.HasAttemptAsync(stands.Id, cancellationToken)))
            {
                outgoing.Add(new OutgoingDelivery(
                    draft.Event, new EnvelopeDelivery(stands.Id.ToString(), Attempt: 1, stands.Recipient, draft.Addresses) { Due = stands.Decision.Due }, PauseUntil(stands.Decision.Due)));
            }
        }
        await packer.EnqueueAsync(outgoing, cancellationToken);
        return decisions;
    }

    /// <summary>What would be decided at a moment, by the rules and recipients of now. Writes nothing.</summary>
    public async Task<IReadOnlyList<DecisionRow>> PreviewAsync(IReadOnlyList<DispatchTarget> audiences, DateTimeOffset at, CancellationToken cancellationToken) =>
        [.. (await DraftAsync(audiences, at, cancellationToken)).Select(draft => draft.Row)];

    // Whole seconds, so that deliveries that are due together travel together.
    private TimeSpan PauseUntil(DateTimeOffset? due) =>
        due - time.GetUtcNow() is { } pause && pause > TimeSpan.Zero ? TimeSpan.FromSeconds(Math.Ceiling(pause.TotalSeconds)) : TimeSpan.Zero;

    private async Task<IReadOnlyList<Draft>> DraftAsync(IReadOnlyList<DispatchTarget> audiences, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var targets = audiences.SelectMany(dispatchTarget => dispatchTarget.Recipients.SelectMany(
            recipient => dispatchTarget.Head.Event.Channels.Select(channel => (dispatchTarget.Head, Recipient: recipient, Channel: channel, IsThrottled: dispatchTarget.Throttled.Contains(recipient))))).ToList();
        var facts = await cases.OfAsync([.. targets.Select(one => (one.Head.Event, one.Recipient, one.Channel))], cancellationToken);
        var contents = new Dictionary<EventRecord, (EnvelopeEvent Event, EventContent Content)>(ReferenceEqualityComparer.Instance);
        var drafts = new List<Draft>(targets.Count);
        foreach (var ((head, recipient, _, isThrottled), delivery) in targets.Zip(facts))
        {
            if (!contents.TryGetValue(head, out var known))
            {
                var notification = EnvelopeEvent.From(head.Event) with { AcceptedAt = head.AcceptedAt };
                contents[head] = known = (notification, templates.ContentOf(notification));
            }
            // The words are looked at now, so that what cannot be said is decided and not found out by the sender; only a digest keeps them.
            var rendering = delivery.Recipient is { } profile ? known.Content.For(delivery.Channel, profile) : null;
            drafts.Add(Decide(head, known.Event, rendering?.Content, recipient, delivery with { IsThrottled = isThrottled, TemplateFault = rendering?.Fault }, now));
        }
        return drafts;
    }

    private Draft Decide(EventRecord head, EnvelopeEvent notification, MessageContent? content, string recipient, DecisionInput delivery, DateTimeOffset now)
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
        return new Draft(notification, new NewDecision(row, item, due), delivery.Recipient?.UsableOn(delivery.Channel) ?? []);
    }

    private sealed record Draft(EnvelopeEvent Event, NewDecision New, IReadOnlyList<string> Addresses)
    {
        public DecisionRow Row => New.Decision;
    }
}
