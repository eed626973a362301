using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Rules;
using Notify.Functions.Sending;

namespace Notify.Functions.Digests;

/// <summary>
/// Closes the windows of one partition: streams its due items in order, and makes each group one digest by one transaction that takes
/// the items away and puts the digest's decision and an outbox row there. Two runs at once, or a run that dies, change nothing.
/// </summary>
public sealed partial class DigestCloser(
    DeliveryTable deliveries, IQueues queues, TableRecipientDirectory recipients, RecipientRules rules, Identities identities, IOptions<BatchingOptions> batching, TimeProvider time, ILogger<DigestCloser> logger)
{
    /// <summary>Closes what is due and finishes what was closed.</summary>
    public async Task CloseAsync(DigestOrder order, CancellationToken cancellationToken)
    {
        await FinishAsync(order.Partition, cancellationToken);
        var group = new List<DigestItem>();
        await foreach (var item in deliveries.DigestItemsAsync(order.Partition, order.Until, cancellationToken))
        {
            if (group.Count > 0 && (group.Count == batching.Value.MaxBatchSize || !BelongTogether(group[0], item)))
            {
                await CloseGroupAsync(group, cancellationToken);
                group = [];
            }
            group.Add(item);
        }
        if (group.Count > 0)
        {
            await CloseGroupAsync(group, cancellationToken);
        }
        await FinishAsync(order.Partition, cancellationToken);
    }

    private static bool BelongTogether(DigestItem one, DigestItem other) =>
        one.WindowEnd == other.WindowEnd
        && string.Equals(one.Delivery.RecipientHash, other.Delivery.RecipientHash, StringComparison.Ordinal)
        && one.Delivery.Channel == other.Delivery.Channel;

    private async Task CloseGroupAsync(IReadOnlyList<DigestItem> group, CancellationToken cancellationToken)
    {
        var first = group[0];
        var channel = first.Delivery.Channel;
        var known = await recipients.FindAsync(first.Tenant, [first.Recipient], cancellationToken);
        var recipient = known.GetValueOrDefault(first.Recipient);
        var addresses = recipient?.UsableOn(channel) ?? [];
        var id = first.Delivery with { CreatedAt = first.WindowEnd, EventHash = identities.DigestHash(first.Delivery) };
        var (message, taken) = Fit(id, group, addresses);
        var decision = new DecisionRow
        {
            Id = id,
            EventId = $"digest.{id.EventHash}",
            Tenant = first.Tenant,
            Recipient = recipient?.IsErased is true ? ErasedIds.Of(id.RecipientHash) : first.Recipient,
            Priority = Priority.Low,
            Type = TypeOf(taken),
            Decision = Decide(recipient, channel, TypeOf(taken)),
            At = time.GetUtcNow(),
            Members = string.Join(' ', taken.Select(item => item.Delivery)),
        };
        var closed = new ClosedDigest(id, Lanes.Of(channel, urgent: false), message);
        var outcome = await deliveries.CloseDigestAsync(taken, decision, closed, cancellationToken);
        if (!outcome.IsDone)
        {
            // Another run took the items, or one was cancelled: the others must not wait for the next run.
            LostRace(id.ToString(), outcome.Fault.ToString());
            var left = await deliveries.StillThereAsync(group, cancellationToken);
            if (left.Count > 0 && left.Count < group.Count)
            {
                await CloseGroupAsync(left, cancellationToken);
            }
            return;
        }
        FaultPoint.Reach(FaultPoint.AfterClose);
        Closed(id.ToString(), taken.Count);
        if (taken.Count < group.Count)
        {
            await CloseGroupAsync([.. group.Skip(taken.Count)], cancellationToken);
        }
    }

    // What the items are about was asked when they were decided; whether the recipient still takes digests here is asked now.
    private Decision Decide(RecipientProfile? recipient, Channel channel, EventType type)
    {
        if (recipient?.IsErased is true)
        {
            return new Decision(DecisionKind.Suppress, Reasons.Erased);
        }
        if (recipient is null || recipient.AddressesOn(channel).Count == 0)
        {
            return new Decision(DecisionKind.Suppress, Reasons.NoAddress);
        }
        var ruling = rules.Rule(new RecipientQuestion(type, Priority.Low, DigestContent.Category, channel, recipient));
        return ruling.SuppressedBy is { } rule ? new Decision(DecisionKind.Suppress, rule) : Decision.Send;
    }

    // As many items as one queue message holds; the rest makes a next digest.
    private static (string Message, IReadOnlyList<DigestItem> Taken) Fit(DeliveryId id, IReadOnlyList<DigestItem> group, IReadOnlyList<string> addresses)
    {
        var envelope = new Envelope(
            id.Channel,
            Urgent: false,
            new Dictionary<string, EnvelopeEvent>(StringComparer.Ordinal)
            {
                [id.EventHash] = new()
                {
                    Id = $"digest.{id.EventHash}",
                    Tenant = group[0].Tenant,
                    Type = TypeOf(group),
                    Priority = Priority.Low,
                    Category = DigestContent.Category,
                    Content = DigestContent.Of(group),
                },
            },
            [new EnvelopeDelivery(id.ToString(), Attempt: 1, group[0].Recipient, addresses)]);
        return EnvelopeFormat.TryWrite(envelope, out var message) || group.Count == 1
            ? (message ?? throw new InvalidOperationException("A single digest item is too large for a queue message."), group)
            : Fit(id, [.. group.Take(group.Count / 2)], addresses);
    }

    // An alert among advertisements must not be dropped with them.
    private static EventType TypeOf(IReadOnlyList<DigestItem> items) =>
        items.Any(item => item.Type == EventType.Alert) ? EventType.Alert : EventType.Marketing;

    private async Task FinishAsync(string partition, CancellationToken cancellationToken)
    {
        await foreach (var closed in deliveries.ClosedDigestsAsync(partition, cancellationToken))
        {
            if (await deliveries.FindDecisionAsync(closed.Digest, cancellationToken) is { } digest)
            {
                await deliveries.JoinDigestAsync(digest, cancellationToken);
                if (digest.Decision.Kind == DecisionKind.Send)
                {
                    await queues.SendAsync(closed.Queue, closed.Message, TimeSpan.Zero, cancellationToken);
                    FaultPoint.Reach(FaultPoint.AfterDigestEnqueue);
                }
            }
            await deliveries.DeleteClosedDigestAsync(closed, cancellationToken);
        }
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Digest {digest} closed with {items} items")]
    private partial void Closed(string digest, int items);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Information, Message = "Digest {digest} lost items to another run or a cancellation ({fault})")]
    private partial void LostRace(string digest, string fault);
}
