using Notify.Functions.Contract;

namespace Notify.Functions.Ledger;

/// <summary>
/// Cancels one delivery by inserting the row that dispatch, the digest or the sender would need next. Whoever inserts first wins, so a
/// delivery is either cancelled or sent, never both.
/// </summary>
public sealed class DeliveryCancellation(DeliveryTable deliveries, TimeProvider time)
{
    // Every round that fails, somebody else has moved the delivery on; there are fewer steps than this.
    private const int Rounds = 20;

    /// <summary>Cancels what is not sent yet and returns the delivery as it then stands. Safe to repeat.</summary>
    public async Task<CancelledDelivery> CancelAsync(
        NotificationEvent notification, string recipient, DeliveryId id, CancellationToken cancellationToken)
    {
        var taken = false;
        for (var round = 0; round < Rounds; round++)
        {
            if (await deliveries.FindAsync(id, cancellationToken) is not { } found)
            {
                // Done or not, what is there afterwards says what became of it.
                await deliveries.InsertDecisionsAsync([new NewDecision(Undecided(notification, recipient, id))], cancellationToken);
                continue;
            }
            var result = taken
                ? CancellationWrites.Settled
                : await deliveries.WithdrawAsync(found, ItemOf(found.Decision, notification.Category), Withdrawn, cancellationToken);
            if (result == CancellationWrites.Settled)
            {
                return CancelledDelivery.From(found, await deliveries.FindDigestOfAsync(found.Decision, cancellationToken));
            }
            taken = result == CancellationWrites.ItemTaken;
        }
        throw new InvalidOperationException("A delivery changed too often while it was being cancelled.");
    }

    private static string? ItemOf(DecisionRow decision, string? category) =>
        decision.Decision.Kind == DecisionKind.Batch ? DeliveryTable.DigestItemKey(decision, category) : null;

    private AttemptRow Withdrawn(AttemptId attempt)
    {
        var now = time.GetUtcNow();
        return new AttemptRow { Id = attempt, At = now, CancelledAt = now };
    }

    private DecisionRow Undecided(NotificationEvent notification, string recipient, DeliveryId id) => new()
    {
        Id = id,
        EventId = notification.Id,
        Tenant = notification.Tenant,
        Recipient = recipient,
        Priority = notification.Priority,
        Type = notification.Type,
        Decision = Decision.Cancel,
        At = time.GetUtcNow(),
    };
}
