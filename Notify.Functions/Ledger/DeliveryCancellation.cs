using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>
/// Cancels one delivery by inserting the row that dispatch, the digest or the sender would need next. Whoever inserts first wins, so a
/// delivery is either cancelled or sent, never both.
/// </summary>
public sealed class DeliveryCancellation(ITables tables, LedgerStore ledger, TimeProvider time)
{
    // Every round that fails, somebody else has moved the delivery on; there are fewer steps than this.
    private const int Rounds = 20;

    /// <summary>Cancels what is not sent yet and returns the delivery as it then stands. Safe to repeat.</summary>
    public async Task<CancelledDelivery> CancelAsync(NotificationEvent notification, string recipient, DeliveryId id, CancellationToken cancellationToken)
    {
        var taken = false;
        for (var round = 0; round < Rounds; round++)
        {
            var found = await ledger.FindDeliveryAsync(id, cancellationToken);
            var writes = found is { } known
                ? Withdrawal.Of(known.Decision, known.Attempts, ItemOf(known.Decision, notification.Category), Withdrawn)
                : [TableWrite.Insert(Undecided(notification, recipient, id).ToTable())];
            if (found is { } settled && (writes.Count == 0 || taken))
            {
                return CancelledDelivery.Of(settled.Decision, settled.Attempts);
            }
            // Done or not, what is there afterwards says what became of it.
            var outcome = await tables.WriteAsync(TableNames.Deliveries, writes, cancellationToken);
            // The item is gone, which only a digest or another cancellation does.
            taken = outcome.Fault == TableFault.NotFound && writes[outcome.FailedIndex].Kind == TableWriteKind.Delete;
        }
        throw new InvalidOperationException("A delivery changed too often while it was being cancelled.");
    }

    private static string? ItemOf(DecisionRow decision, string? category) => decision.Decision.Kind == DecisionKind.Batch ? DigestItem.KeyOf(decision, category) : null;

    private TableRow Withdrawn(AttemptId attempt)
    {
        var now = time.GetUtcNow();
        return new TableRow(attempt.Delivery.Partition, attempt.ToString()) { [AttemptColumns.At] = now, [AttemptColumns.CancelledAt] = now };
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
