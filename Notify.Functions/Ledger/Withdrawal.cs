using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>
/// Takes a delivery back that is decided and not sent yet, by the row that the digest or the sender would need next. Whoever inserts first wins, so a
/// delivery is either taken back or sent, never both.
/// </summary>
internal static class Withdrawal
{
    /// <summary>What must be written, all or nothing; nothing where it is settled, or being sent.</summary>
    /// <param name="decision">The delivery's decision.</param>
    /// <param name="attempts">Its attempts, as they were read.</param>
    /// <param name="item">The key of its digest item, where it may be waiting for a digest.</param>
    /// <param name="ending">The attempt row that says how it ends.</param>
    public static IReadOnlyList<TableWrite> Of(DecisionRow decision, IReadOnlyList<AttemptRow> attempts, string? item, Func<AttemptId, TableRow> ending)
    {
        var latest = attempts.MaxBy(attempt => attempt.Id.Number);
        if (latest is not null)
        {
            return latest.RetryAt is not null && StatusRule.Of(decision, attempts) == DeliveryStatus.Pending
                // The transaction fails where a report has come in meanwhile.
                ? [TableWrite.Merge(Unchanged(latest), latest.ETag), TableWrite.Insert(ending(latest.Id with { Number = latest.Id.Number + 1 }))]
                : [];
        }
        var first = new AttemptId(decision.Id, 1);
        return decision switch
        {
            { Decision.Kind: DecisionKind.Send or DecisionKind.Defer } => [TableWrite.Insert(ending(first))],
            { Decision.Kind: DecisionKind.Batch, Digest: null } when item is not null => [TableWrite.Delete(decision.Id.Partition, item), TableWrite.Insert(ending(first))],
            _ => [],
        };
    }

    private static TableRow Unchanged(AttemptRow attempt) =>
        new(attempt.Id.Delivery.Partition, attempt.Id.ToString()) { [AttemptColumns.RetryAt] = attempt.RetryAt };
}
