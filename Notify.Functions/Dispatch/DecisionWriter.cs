using Microsoft.Extensions.Options;
using Notify.Functions.Channels;
using Notify.Functions.Delivery;
using Notify.Functions.Digests;
using Notify.Functions.Hosting;
using Notify.Functions.Recipients;
using Notify.Functions.Storage;

namespace Notify.Functions.Dispatch;

/// <summary>Decides every delivery of the given events, writes the decisions down and enqueues what is to be sent.</summary>
public sealed class DecisionWriter(
    IRecipientDirectory recipients, Identities identities, Ledger ledger, EnvelopePacker packer, IOptions<ChannelsOptions> channels, IOptions<BatchingOptions> batching, TimeProvider time)
{
    /// <summary>First the ledger, then the queues. Repeating it changes no decision and enqueues only what was never tried.</summary>
    public async Task WriteAsync(IReadOnlyList<EventHead> heads, CancellationToken cancellationToken)
    {
        var drafts = new List<Draft>();
        foreach (var tenant in heads.GroupBy(head => head.Event.Tenant, StringComparer.Ordinal))
        {
            var named = tenant.SelectMany(head => head.Event.Recipients).Distinct(StringComparer.Ordinal).ToList();
            var known = await recipients.FindAsync(tenant.Key, named, cancellationToken).ConfigureAwait(false);
            drafts.AddRange(tenant.SelectMany(head => Decide(head, known)));
        }
        var standing = await ledger.InsertDecisionsAsync(drafts.Select(draft => draft.Rows), cancellationToken).ConfigureAwait(false);
        FaultPoint.Reach(FaultPoint.AfterDecisions);
        var outgoing = new List<OutgoingDelivery>();
        foreach (var draft in drafts)
        {
            var isFirst = !standing.TryGetValue(draft.Row.Id, out var stands);
            if ((stands ?? draft.Row).Decision.Kind == DecisionKind.Send
                && (isFirst || !await ledger.HasAttemptAsync(draft.Row.Id, cancellationToken).ConfigureAwait(false)))
            {
                outgoing.Add(new OutgoingDelivery(
                    draft.Event, new EnvelopeDelivery(draft.Row.Id.ToString(), Attempt: 1, draft.Row.Recipient, draft.Addresses), TimeSpan.Zero));
            }
        }
        await packer.EnqueueAsync(outgoing, cancellationToken).ConfigureAwait(false);
    }

    private IEnumerable<Draft> Decide(EventHead head, IReadOnlyDictionary<string, RecipientProfile> known)
    {
        var notification = head.Event;
        var content = EnvelopeEvent.From(notification);
        foreach (var recipient in notification.Recipients)
        {
            var profile = known.GetValueOrDefault(recipient);
            foreach (var channel in notification.Channels)
            {
                var now = time.GetUtcNow();
                var id = identities.Delivery(notification, recipient, channel);
                var row = new DecisionRow
                {
                    Id = id,
                    EventId = notification.Id,
                    Tenant = notification.Tenant,
                    Recipient = recipient,
                    Priority = notification.Priority,
                    Type = notification.Type,
                    Decision = head.IsCancelled(id) ? Decision.Cancel : DecisionRules.Decide(notification, channel, profile, channels.Value, batching.Value, now),
                    At = now,
                };
                IReadOnlyList<TableRow> rows = row.Decision.Kind == DecisionKind.Batch ? [row.ToTable(), DigestItem.Row(row, content)] : [row.ToTable()];
                yield return new Draft(content, row, profile?.AddressesOn(channel) ?? [], rows);
            }
        }
    }

    private sealed record Draft(EnvelopeEvent Event, DecisionRow Row, IReadOnlyList<string> Addresses, IReadOnlyList<TableRow> Rows);
}
