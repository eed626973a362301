using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>The heads of events, in table <c>events</c>. Each is inserted once; who comes second adopts what is there.</summary>
public sealed class EventHeads(ITables tables, KeyedHashes keyedHashes)
{
    /// <summary>Inserts heads and returns, in order, the heads that stand: the given ones, or those that were there first.</summary>
    public async Task<IReadOnlyList<EventRecord>> InsertAsync(IReadOnlyList<EventRecord> heads, CancellationToken cancellationToken)
    {
        var rows = heads.Select(head => head.ToTable(keyedHashes.EventHash(head.Event.Tenant, head.Event.Id))).ToList();
        var existing = await tables.InsertAllAsync(TableNames.Events, rows, cancellationToken);
        var standing = new List<EventRecord>(heads.Count);
        foreach (var (head, row) in heads.Zip(rows))
        {
            standing.Add(existing.TryGetValue((row.Partition, row.Key), out var first)
                ? await AdoptAsync(head, row, first, cancellationToken)
                : head);
        }
        return standing;
    }

    /// <summary>Reads an event's head.</summary>
    public async Task<EventRecord?> FindAsync(string? tenant, string eventId, CancellationToken cancellationToken)
    {
        var hash = keyedHashes.EventHash(tenant, eventId);
        var row = await tables.GetAsync(TableNames.Events, KeyedHashes.PartitionOf(hash), hash, cancellationToken);
        return row is null || !EventRecord.IsHead(row) ? null : EventRecord.From(row);
    }

    // The head that was there first stands. Where there is only a cancellation that came before its event, the event moves in with it;
    // at the version that was read, so that a cancellation of another part is not overlooked.
    private async Task<EventRecord> AdoptAsync(EventRecord head, TableRow row, TableRow? found, CancellationToken cancellationToken)
    {
        while (found is null || !EventRecord.IsHead(found))
        {
            var write = found is null ? TableWrite.Insert(row) : TableWrite.Merge(row, found.ETag);
            var outcome = await tables.WriteAsync(TableNames.Events, [write], cancellationToken);
            if (outcome.IsDone)
            {
                return found is null
                    ? head
                    : head with { CancelledAt = found.Time(EventRecord.CancelledAtColumn), CancelledParts = CancelledParts.From(found) };
            }
            found = await tables.GetAsync(TableNames.Events, row.Partition, row.Key, cancellationToken);
        }
        return EventRecord.From(found);
    }
}
