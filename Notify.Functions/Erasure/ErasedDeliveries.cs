using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Sending.Pipeline;

namespace Notify.Functions.Erasure;

/// <summary>Stops what is not sent yet of a recipient's deliveries, and takes the name out of the ledger; what became of them stays.</summary>
public sealed class ErasedDeliveries(ITables tables, LedgerStore ledger, TimeProvider time)
{
    private const int AtOnce = 100;

    // Every round that fails, somebody else has moved the delivery on; there are fewer steps than this.
    private const int Rounds = 20;

    /// <summary>Goes through the recipient's deliveries and returns the hashes of their events.</summary>
    internal async Task<IReadOnlySet<string>> EraseAsync(string hash, ErasureCounts found, CancellationToken cancellationToken)
    {
        var partition = Identities.PartitionOf(hash);
        var items = await WaitingAsync(partition, hash, found, cancellationToken);
        var events = new HashSet<string>(StringComparer.Ordinal);
        var settled = new List<TableRow>(AtOnce);
        await foreach (var (decision, attempts) in ledger.RangeAsync(partition, hash + ".", hash + ".~", cancellationToken))
        {
            events.Add(decision.Id.EventHash);
            await StopAsync(decision, attempts, items, found, cancellationToken);
            if (!ErasedIds.TryRead(decision.Recipient, out _))
            {
                settled.Add(new TableRow(partition, decision.Id.ToString()) { [DecisionRow.RecipientColumn] = ErasedIds.Of(hash) });
                found.Add(TableNames.Deliveries);
            }
            if (settled.Count == AtOnce)
            {
                await tables.MergeAllAsync(TableNames.Deliveries, settled, cancellationToken);
                settled.Clear();
            }
        }
        await tables.MergeAllAsync(TableNames.Deliveries, settled, cancellationToken);
        return events;
    }

    /// <summary>Stops what a sender would not ask the recipient's mark about, because it was decided a moment ago. The newest come first.</summary>
    internal async Task StopNewAsync(string hash, CancellationToken cancellationToken)
    {
        var moment = time.GetUtcNow() - SuppressedSince.Moment - SuppressedSince.Moment;
        await foreach (var (decision, attempts) in ledger.RangeAsync(Identities.PartitionOf(hash), hash + ".", hash + ".~", cancellationToken))
        {
            if (decision.Id.CreatedAt < moment)
            {
                break;
            }
            await StopAsync(decision, attempts, [], new ErasureCounts(), cancellationToken);
        }
    }

    // Digest items by their delivery; rows that only wait for their time are taken away, for what they wait for is stopped.
    private async Task<Dictionary<DeliveryId, string>> WaitingAsync(string partition, string hash, ErasureCounts found, CancellationToken cancellationToken)
    {
        var items = new Dictionary<DeliveryId, string>();
        await foreach (var row in tables.QueryAsync(TableNames.Deliveries, partition, DigestItem.Prefix, DigestItem.Prefix + "~", cancellationToken))
        {
            if (row.Key.Contains($"|{hash}|", StringComparison.Ordinal))
            {
                items[DigestItem.From(row).Delivery] = row.Key;
            }
        }
        var outbox = DigestOutbox.Range.From + hash + ".";
        var due = await tables.QueryAsync(TableNames.Deliveries, partition, DueItem.Prefix, DueItem.Prefix + "~", cancellationToken)
            .Where(row => row.Key.Contains($"|{hash}.", StringComparison.Ordinal))
            .Concat(tables.QueryAsync(TableNames.Deliveries, partition, outbox, outbox + "~", cancellationToken))
            .ToListAsync(cancellationToken);
        await tables.DeleteAllAsync(TableNames.Deliveries, due, cancellationToken);
        found.Add(TableNames.Deliveries, due.Count);
        return items;
    }

    private async Task StopAsync(DecisionRow decision, IReadOnlyList<AttemptRow> attempts, Dictionary<DeliveryId, string> items, ErasureCounts found, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var writes = Withdrawal.Of(decision, attempts, items.GetValueOrDefault(decision.Id), Stopped);
            if (writes.Count == 0)
            {
                return;
            }
            var outcome = await tables.WriteAsync(TableNames.Deliveries, writes, cancellationToken);
            if (outcome.IsDone)
            {
                found.Add("stopped");
                return;
            }
            if (outcome.Fault == TableFault.NotFound)
            {
                // A digest has taken the item, and asks for the recipient's mark itself.
                return;
            }
            if (await ledger.FindDeliveryAsync(decision.Id, cancellationToken) is not { } now)
            {
                return;
            }
            (decision, attempts) = now;
        }
        throw new InvalidOperationException("A delivery changed too often while its recipient was being erased.");
    }

    private TableRow Stopped(AttemptId attempt)
    {
        var now = time.GetUtcNow();
        return new TableRow(attempt.Delivery.Partition, attempt.ToString())
        {
            [AttemptColumns.At] = now,
            [AttemptColumns.SuppressedAt] = now,
            [AttemptColumns.SuppressedReason] = Reasons.Erased,
        };
    }
}
