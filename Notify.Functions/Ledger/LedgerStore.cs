using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>The durable truth about events and deliveries. Every insert is made once; who comes second adopts what is there.</summary>
public sealed class LedgerStore(ITables tables, Identities identities)
{
    // Sorts behind '~' followed by any number.
    private const string BehindAttempts = "~~";

    /// <summary>Inserts heads and returns, in order, the heads that stand: the given ones, or those that were there first.</summary>
    public async Task<IReadOnlyList<EventHead>> InsertHeadsAsync(IReadOnlyList<EventHead> heads, CancellationToken cancellationToken)
    {
        var rows = heads.Select(head => head.ToTable(identities.EventHash(head.Event.Tenant, head.Event.Id))).ToList();
        var existing = await tables.InsertAllAsync(TableNames.Events, rows, cancellationToken);
        var standing = new List<EventHead>(heads.Count);
        foreach (var (head, row) in heads.Zip(rows))
        {
            standing.Add(existing.TryGetValue((row.Partition, row.Key), out var first)
                ? await AdoptAsync(head, row, first, cancellationToken)
                : head);
        }
        return standing;
    }

    /// <summary>Reads an event's head.</summary>
    public async Task<EventHead?> FindHeadAsync(string? tenant, string eventId, CancellationToken cancellationToken)
    {
        var hash = identities.EventHash(tenant, eventId);
        var row = await tables.GetAsync(TableNames.Events, Identities.PartitionOf(hash), hash, cancellationToken);
        return row is null || !EventHead.IsHead(row) ? null : EventHead.From(row);
    }

    /// <summary>Inserts decisions, each with the rows that belong to it, and returns those that were there already, by id: they stand.</summary>
    public async Task<IReadOnlyDictionary<DeliveryId, DecisionRow>> InsertDecisionsAsync(
        IEnumerable<IReadOnlyList<TableRow>> decisions, CancellationToken cancellationToken)
    {
        var existing = await tables.InsertAllAsync(TableNames.Deliveries, decisions, cancellationToken);
        return existing.Values.Select(DecisionRow.From).ToDictionary(row => row.Id);
    }

    /// <summary>Everything recorded about one delivery; <see langword="null"/> where it was never decided.</summary>
    public async Task<(DecisionRow Decision, IReadOnlyList<AttemptRow> Attempts)?> FindDeliveryAsync(DeliveryId id, CancellationToken cancellationToken)
    {
        DecisionRow? decision = null;
        var attempts = new List<AttemptRow>();
        var key = id.ToString();
        await foreach (var row in tables.QueryAsync(TableNames.Deliveries, id.Partition, key, key + BehindAttempts, cancellationToken))
        {
            if (string.Equals(row.Key, key, StringComparison.Ordinal))
            {
                decision = DecisionRow.From(row);
            }
            else
            {
                attempts.Add(AttemptRow.From(row));
            }
        }
        return decision is null ? null : (decision, attempts);
    }

    /// <summary>Streams the deliveries of a range of one partition, each with its attempts, which follow it.</summary>
    public async IAsyncEnumerable<(DecisionRow Decision, IReadOnlyList<AttemptRow> Attempts)> RangeAsync(
        string partition, string from, string to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DecisionRow? decision = null;
        var attempts = new List<AttemptRow>();
        await foreach (var row in tables.QueryAsync(TableNames.Deliveries, partition, from, to, cancellationToken))
        {
            if (DeliveryId.TryParse(row.Key, out _))
            {
                if (decision is not null)
                {
                    yield return (decision, attempts);
                }
                (decision, attempts) = (DecisionRow.From(row), []);
            }
            else if (AttemptId.TryParse(row.Key, out var attempt) && attempt.Delivery == decision?.Id)
            {
                attempts.Add(AttemptRow.From(row));
            }
        }
        if (decision is not null)
        {
            yield return (decision, attempts);
        }
    }

    /// <summary>Whether any attempt was ever claimed.</summary>
    public async Task<bool> HasAttemptAsync(DeliveryId id, CancellationToken cancellationToken) =>
        await FindDeliveryAsync(id, cancellationToken) is { Attempts.Count: > 0 };

    // The head that was there first stands. Where there is only a cancellation that came before its event, the event moves in with it;
    // at the version that was read, so that a cancellation of another part is not overlooked.
    private async Task<EventHead> AdoptAsync(EventHead head, TableRow row, TableRow? found, CancellationToken cancellationToken)
    {
        while (found is null || !EventHead.IsHead(found))
        {
            var write = found is null ? TableWrite.Insert(row) : TableWrite.Merge(row, found.ETag);
            var outcome = await tables.WriteAsync(TableNames.Events, [write], cancellationToken);
            if (outcome.IsDone)
            {
                return found is null
                    ? head
                    : head with { CancelledAt = found.Time(EventHead.CancelledAtColumn), CancelledParts = CancelledParts.From(found) };
            }
            found = await tables.GetAsync(TableNames.Events, row.Partition, row.Key, cancellationToken);
        }
        return EventHead.From(found);
    }
}
