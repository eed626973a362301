using Notify.Functions.Digests;
using Notify.Functions.Events;
using Notify.Functions.Storage;

namespace Notify.Functions.Delivery.Cancellation;

/// <summary>
/// Cancels one delivery by inserting the row that dispatch, the digest or the sender would need next. Whoever inserts first wins, so a
/// delivery is either cancelled or sent, never both.
/// </summary>
public sealed class DeliveryCancellation(ITables tables, Ledger ledger, TimeProvider time)
{
    // Every round that fails, somebody else has moved the delivery on; there are fewer steps than this.
    private const int Rounds = 20;

    /// <summary>Cancels what is not sent yet and returns the delivery as it then stands. Safe to repeat.</summary>
    public async Task<CancelledDelivery> CancelAsync(NotificationEvent notification, string recipient, DeliveryId id, CancellationToken cancellationToken)
    {
        var taken = false;
        for (var round = 0; round < Rounds; round++)
        {
            var found = await ledger.FindDeliveryAsync(id, cancellationToken).ConfigureAwait(false);
            var writes = found is { } known
                ? WritesFor(known.Decision, known.Attempts, notification.Category)
                : [TableWrite.Insert(Undecided(notification, recipient, id).ToTable())];
            if (found is { } settled && (writes.Count == 0 || taken))
            {
                return CancelledDelivery.Of(settled.Decision, settled.Attempts);
            }
            // Done or not, what is there afterwards says what became of it.
            var outcome = await tables.WriteAsync(TableNames.Deliveries, writes, cancellationToken).ConfigureAwait(false);
            // The item is gone, which only a digest or another cancellation does.
            taken = outcome.Fault == TableFault.NotFound && writes[outcome.FailedIndex].Kind == TableWriteKind.Delete;
        }
        throw new InvalidOperationException("A delivery changed too often while it was being cancelled.");
    }

    // What must be written, all or nothing; nothing where it is cancelled already, or too late.
    private IReadOnlyList<TableWrite> WritesFor(DecisionRow decision, IReadOnlyList<AttemptRow> attempts, string? category)
    {
        var latest = attempts.MaxBy(attempt => attempt.Id.Number);
        if (latest is not null)
        {
            return IsWaiting(decision, attempts, latest)
                // The transaction fails where a report has come in meanwhile.
                ? [TableWrite.Merge(Unchanged(latest), latest.ETag), TableWrite.Insert(Withdrawn(decision.Id, latest.Id.Number + 1))]
                : [];
        }
        return decision switch
        {
            { Decision.Kind: DecisionKind.Send or DecisionKind.Defer } => [TableWrite.Insert(Withdrawn(decision.Id, 1))],
            { Decision.Kind: DecisionKind.Batch, Digest: null } =>
                [TableWrite.Delete(decision.Id.Partition, DigestItem.KeyOf(decision, category)), TableWrite.Insert(Withdrawn(decision.Id, 1))],
            _ => [],
        };
    }

    private static bool IsWaiting(DecisionRow decision, IReadOnlyList<AttemptRow> attempts, AttemptRow latest) =>
        latest.RetryAt is not null && StatusRule.Of(decision, attempts) == DeliveryStatus.Pending;

    private static TableRow Unchanged(AttemptRow attempt) =>
        new(attempt.Id.Delivery.Partition, attempt.Id.ToString()) { [AttemptColumns.RetryAt] = attempt.RetryAt };

    private TableRow Withdrawn(DeliveryId id, int number)
    {
        var now = time.GetUtcNow();
        return new TableRow(id.Partition, new AttemptId(id, number).ToString()) { [AttemptColumns.At] = now, [AttemptColumns.CancelledAt] = now };
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
