using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Cancellation;

/// <summary>
/// Marks an event as cancelled on its head, or in the head's place where the event was not dispatched yet: dispatch cannot insert its head
/// without meeting the mark, so the mark costs dispatch nothing where there is none.
/// </summary>
public sealed class CancellationMarks(ITables tables, KeyedHashes keyedHashes, TimeProvider time)
{
    /// <summary>Marks the scope. The first mark of a whole event stands.</summary>
    public async Task<Marked> MarkAsync(CancellationScope scope, CancellationToken cancellationToken)
    {
        var hash = keyedHashes.EventHash(scope.Tenant, scope.EventId);
        var partition = KeyedHashes.PartitionOf(hash);
        while (true)
        {
            var row = await tables.GetAsync(TableNames.Events, partition, hash, cancellationToken);
            var head = row is not null && EventRecord.IsHead(row) ? EventRecord.From(row) : null;
            if (head?.DuplicateOf is not null || (head is not null && !scope.IsWholeEvent))
            {
                // Of a part, the deliveries' own rows say all there is to say.
                return new Marked(head, head.CancelledAt);
            }
            var parts = row is null ? CancelledParts.None : CancelledParts.From(row);
            var cancelledAt = row?.Time(EventRecord.CancelledAtColumn);
            if (cancelledAt is not null)
            {
                return new Marked(head, cancelledAt);
            }
            if (!scope.IsWholeEvent && parts.Count >= CancelledParts.Most)
            {
                return new Marked(head, CancelledAt: null, TooMany: true);
            }
            var mark = Mark(scope, partition, hash, parts);
            var write = row is null ? TableWrite.Insert(mark) : TableWrite.Merge(mark, row.ETag);
            var outcome = await tables.WriteAsync(TableNames.Events, [write], cancellationToken);
            if (outcome.IsDone)
            {
                return new Marked(head, mark.Time(EventRecord.CancelledAtColumn));
            }
        }
    }

    private TableRow Mark(CancellationScope scope, string partition, string hash, CancelledParts parts)
    {
        var mark = new TableRow(partition, hash);
        if (scope.IsWholeEvent)
        {
            mark[EventRecord.CancelledAtColumn] = time.GetUtcNow();
        }
        else
        {
            var recipient = scope.Recipient is null ? null : keyedHashes.RecipientHash(scope.Tenant, scope.Recipient);
            parts.With(recipient, scope.Channel).WriteTo(mark);
        }
        return mark;
    }
}

/// <summary>An event that is marked.</summary>
/// <param name="Head">Its head; <see langword="null"/> where it was not dispatched yet.</param>
/// <param name="CancelledAt">When the whole event was cancelled.</param>
/// <param name="TooMany">Whether nothing was marked, for there are too many parts already.</param>
public sealed record Marked(EventRecord? Head, DateTimeOffset? CancelledAt, bool TooMany = false);
