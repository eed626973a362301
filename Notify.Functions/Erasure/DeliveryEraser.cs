using Notify.Functions.Ledger;
using Notify.Functions.Sending.Pipeline;

namespace Notify.Functions.Erasure;

/// <summary>
/// Stops what is not sent yet of a recipient's deliveries, and takes the name out of the ledger; what became of them stays.
/// </summary>
public sealed class DeliveryEraser(DeliveryTable deliveries, TimeProvider time)
{
    private const int AtOnce = 100;

    // Every round that fails, somebody else has moved the delivery on; there are fewer steps than this.
    private const int Rounds = 20;

    /// <summary>Goes through the recipient's deliveries and returns the hashes of their events.</summary>
    internal async Task<IReadOnlySet<string>> EraseAsync(string hash, ErasureCounts found, CancellationToken cancellationToken)
    {
        // What only waits for its time is taken away, for what waits is stopped.
        found.Add(DeliveryTable.Name, await deliveries.DeleteWaitingAsync(hash, cancellationToken));
        var items = await deliveries.DigestItemsOfAsync(hash, cancellationToken)
            .ToDictionaryAsync(item => item.Delivery, item => item.Key, cancellationToken: cancellationToken);
        var events = new HashSet<string>(StringComparer.Ordinal);
        var settled = new List<DeliveryId>(AtOnce);
        await foreach (var delivery in deliveries.OfRecipientAsync(hash, after: null, cancellationToken))
        {
            var decision = delivery.Decision;
            events.Add(decision.Id.EventHash);
            await StopAsync(delivery, items, found, cancellationToken);
            if (!ErasedIds.TryRead(decision.Recipient, out _))
            {
                settled.Add(decision.Id);
                found.Add(DeliveryTable.Name);
            }
            if (settled.Count == AtOnce)
            {
                await deliveries.AnonymizeAsync(settled, cancellationToken);
                settled.Clear();
            }
        }
        await deliveries.AnonymizeAsync(settled, cancellationToken);
        return events;
    }

    /// <summary>
    /// Stops what a sender would not ask the recipient's mark about, because it was decided a moment ago. The newest come first.
    /// </summary>
    internal async Task StopNewAsync(string hash, CancellationToken cancellationToken)
    {
        var moment = time.GetUtcNow() - RecipientRulesRecheck.Moment - RecipientRulesRecheck.Moment;
        await foreach (var delivery in deliveries.OfRecipientAsync(hash, after: null, cancellationToken))
        {
            if (delivery.Decision.Id.CreatedAt < moment)
            {
                break;
            }
            await StopAsync(delivery, [], new ErasureCounts(), cancellationToken);
        }
    }

    private async Task StopAsync(
        DeliveryRecord delivery, Dictionary<DeliveryId, string> items, ErasureCounts found, CancellationToken cancellationToken)
    {
        var id = delivery.Decision.Id;
        for (var round = 0; round < Rounds; round++)
        {
            switch (await deliveries.WithdrawAsync(delivery, items.GetValueOrDefault(id), Stopped, cancellationToken))
            {
                case CancellationWrites.Done:
                    found.Add("stopped");
                    return;
                case CancellationWrites.Settled:
                // A digest has taken the item, and asks for the recipient's mark itself.
                case CancellationWrites.ItemTaken:
                    return;
            }
            if (await deliveries.FindAsync(id, cancellationToken) is not { } now)
            {
                return;
            }
            delivery = now;
        }
        throw new InvalidOperationException("A delivery changed too often while its recipient was being erased.");
    }

    private AttemptRow Stopped(AttemptId attempt)
    {
        var now = time.GetUtcNow();
        return new AttemptRow { Id = attempt, At = now, SuppressedAt = now, SuppressedReason = DeliveryReasons.Erased };
    }
}
