using System.Runtime.CompilerServices;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>
/// Table <c>deliveries</c>: what was decided for each delivery, and its attempts. Nothing else reads or writes the table. A decision and an
/// attempt are inserted once; who comes second adopts what is there.
/// </summary>
public sealed partial class DeliveryTable(ITables tables)
{
    /// <summary>The table's name.</summary>
    internal const string Name = TableNames.Deliveries;

    /// <summary>Everything recorded about one delivery; <see langword="null"/> where it was never decided.</summary>
    public async Task<DeliveryRecord?> FindAsync(DeliveryId id, CancellationToken cancellationToken) =>
        await ReadAsync(DeliveryRows.RangeOf(id), cancellationToken).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The digest that took a delivery in, if one has.</summary>
    public async Task<DeliveryRecord?> FindDigestOfAsync(DecisionRow member, CancellationToken cancellationToken) =>
        DeliveryId.TryParse(member.Digest, out var digest) ? await FindAsync(digest, cancellationToken) : null;

    /// <summary>One delivery as people see it; <see langword="null"/> where it was never decided.</summary>
    public async Task<DeliveryView?> FindViewAsync(DeliveryId id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } found
            ? Timeline.Build(found, await FindDigestOfAsync(found.Decision, cancellationToken)) : null;

    /// <summary>Whether any attempt was ever claimed.</summary>
    public async Task<bool> HasAttemptAsync(DeliveryId id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { Attempts.Count: > 0 };

    /// <summary>Streams a recipient's deliveries, newest first.</summary>
    /// <param name="recipientHash">The recipient.</param>
    /// <param name="after">The delivery behind which to begin; <see langword="null"/> for the newest.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public IAsyncEnumerable<DeliveryRecord> OfRecipientAsync(
        string recipientHash, DeliveryId? after, CancellationToken cancellationToken) =>
        ReadAsync(DeliveryRows.RangeOfRecipient(recipientHash, after), cancellationToken);

    /// <summary>Streams every delivery of a partition.</summary>
    public IAsyncEnumerable<DeliveryRecord> OfPartitionAsync(string partition, CancellationToken cancellationToken) =>
        ReadAsync(DeliveryRows.RangeOfDeliveries(partition), cancellationToken);

    /// <summary>Reads a decision.</summary>
    public async Task<DecisionRow?> FindDecisionAsync(DeliveryId id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Name, id.Partition, id.ToString(), cancellationToken) is { } row ? DeliveryRows.Decision(row) : null;

    /// <summary>Reads decisions; those that do not exist are left out.</summary>
    public async Task<IReadOnlyDictionary<DeliveryId, DecisionRow>> FindDecisionsAsync(
        IEnumerable<DeliveryId> ids, CancellationToken cancellationToken)
    {
        var rows = await tables.ReadAllAsync(Name, [.. ids.Select(DeliveryRows.Key)], cancellationToken);
        return rows.Select(DeliveryRows.Decision).ToDictionary(decision => decision.Id);
    }

    /// <summary>Reads an attempt.</summary>
    public async Task<AttemptRow?> FindAttemptAsync(AttemptId id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Name, id.Delivery.Partition, id.ToString(), cancellationToken) is { } row ? DeliveryRows.Attempt(row) : null;

    /// <summary>Reads attempts; those that do not exist are left out.</summary>
    public async Task<IReadOnlyDictionary<AttemptId, AttemptRow>> FindAttemptsAsync(
        IEnumerable<AttemptId> ids, CancellationToken cancellationToken)
    {
        var rows = await tables.ReadAllAsync(Name, [.. ids.Select(DeliveryRows.Key)], cancellationToken);
        return rows.Select(DeliveryRows.Attempt).ToDictionary(attempt => attempt.Id);
    }

    /// <summary>Streams the names of the attempts whose deliveries begin like this, newest first; 0 is the decision itself.</summary>
    public async IAsyncEnumerable<AttemptId> NamesAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in QueryAsync(DeliveryRows.RangeOfPrefix(prefix), cancellationToken))
        {
            yield return AttemptId.TryParse(row.Key, out var attempt) ? attempt
                : DeliveryId.TryParse(row.Key, out var decision) ? new AttemptId(decision, 0)
                : throw new InvalidDataException("The row is neither a decision nor an attempt.");
        }
    }

    /// <summary>
    /// Inserts decisions, each with what waits because of it, and returns those that were there already, by id: they stand.
    /// </summary>
    public async Task<IReadOnlyDictionary<DeliveryId, DecisionRow>> InsertDecisionsAsync(
        IEnumerable<NewDecision> decisions, CancellationToken cancellationToken)
    {
        var existing = await tables.InsertAllAsync(Name, decisions.Select(Rows), cancellationToken);
        return existing.Values.Select(DeliveryRows.Decision).ToDictionary(row => row.Id);
    }

    /// <summary>Inserts attempts, and returns those that were there already, by id: they stand.</summary>
    public async Task<IReadOnlyDictionary<AttemptId, AttemptRow>> InsertAttemptsAsync(
        IEnumerable<AttemptRow> attempts, CancellationToken cancellationToken)
    {
        var existing = await tables.InsertAllAsync(Name, attempts.Select(DeliveryRows.ToRow), cancellationToken);
        return existing.Values.Select(DeliveryRows.Attempt).ToDictionary(row => row.Id);
    }

    /// <summary>
    /// Adds facts to attempts, each as long as it has the version that the change names; without one, whatever its version. Returns the
    /// attempts that have changed meanwhile or are gone. Safe to repeat. Each attempt at most once.
    /// </summary>
    public async Task<IReadOnlyList<AttemptId>> MergeAttemptsAsync(IEnumerable<AttemptRow> changes, CancellationToken cancellationToken)
    {
        var left = await tables.MergeAllAsync(Name, changes.Select(DeliveryRows.ToRow), cancellationToken);
        return [.. left.Select(DeliveryRows.AttemptOf)];
    }

    /// <summary>
    /// Changes attempts by how they stand, each by the version that was read; those that change meanwhile are read again. Returns the
    /// changes that were written. Not safe to repeat by itself: <paramref name="change"/> has to know what it has written before.
    /// </summary>
    /// <param name="ids">The attempts; those that do not exist are left out.</param>
    /// <param name="change">The change of an attempt, with its version; <see langword="null"/> where there is none.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    public async Task<IReadOnlyList<AttemptRow>> ChangeAttemptsAsync(
        IEnumerable<AttemptId> ids, Func<AttemptRow, AttemptRow?> change, CancellationToken cancellationToken)
    {
        var written = new List<AttemptRow>();
        IReadOnlyList<AttemptId> left = [.. ids];
        while (left.Count > 0)
        {
            var found = await FindAttemptsAsync(left, cancellationToken);
            var changes = found.Values.Select(change).OfType<AttemptRow>().ToList();
            left = await MergeAttemptsAsync(changes, cancellationToken);
            written.AddRange(changes.ExceptBy(left, row => row.Id));
        }
        return written;
    }

    /// <summary>Takes the recipient's name out of decisions. Safe to repeat.</summary>
    public Task AnonymizeAsync(IEnumerable<DeliveryId> deliveries, CancellationToken cancellationToken) =>
        tables.MergeAllAsync(Name, deliveries.Select(DeliveryRows.Anonymous), cancellationToken);

    /// <summary>
    /// Takes a delivery back that is decided and not sent yet, by the row that the digest or the sender would need next. Whoever inserts
    /// first wins, so a delivery is either taken back or sent, never both.
    /// </summary>
    /// <param name="delivery">The delivery, as it was read.</param>
    /// <param name="item">The key of its digest item, where it may be waiting for a digest.</param>
    /// <param name="ending">The attempt that says how it ends.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    public async Task<CancellationWrites> WithdrawAsync(
        DeliveryRecord delivery, string? item, Func<AttemptId, AttemptRow> ending, CancellationToken cancellationToken)
    {
        var writes = Withdrawing(delivery, item, ending);
        if (writes.Count == 0)
        {
            return CancellationWrites.Settled;
        }
        var outcome = await tables.WriteAsync(Name, writes, cancellationToken);
        return outcome.IsDone ? CancellationWrites.Done
            : outcome.Fault == TableFault.NotFound && writes[outcome.FailedIndex].Kind == TableWriteKind.Delete
                ? CancellationWrites.ItemTaken
            : CancellationWrites.Changed;
    }

    private static IReadOnlyList<TableWrite> Withdrawing(DeliveryRecord delivery, string? item, Func<AttemptId, AttemptRow> ending)
    {
        var (decision, attempts) = delivery;
        if (attempts.MaxBy(attempt => attempt.Id.Number) is { } latest)
        {
            var unchanged = new AttemptRow { Id = latest.Id, RetryAt = latest.RetryAt };
            return latest.RetryAt is not null && StatusRule.Apply(decision, attempts) == DeliveryStatus.Pending
                // The transaction fails where a report has come in meanwhile.
                ? [TableWrite.Merge(DeliveryRows.ToRow(unchanged), latest.ETag), Insert(latest.Id.Number + 1)]
                : [];
        }
        return decision switch
        {
            { Decision.Kind: DecisionKind.Send or DecisionKind.Defer } => [Insert(1)],
            { Decision.Kind: DecisionKind.Batch, Digest: null } when item is not null =>
                [TableWrite.Delete(decision.Id.Partition, item), Insert(1)],
            _ => [],
        };

        TableWrite Insert(int number) => TableWrite.Insert(DeliveryRows.ToRow(ending(new AttemptId(decision.Id, number))));
    }

    private static IReadOnlyList<TableRow> Rows(NewDecision one) => one switch
    {
        { Item: { } item } => [DeliveryRows.ToRow(one.Decision), DeliveryRows.ToRow(item)],
        { Due: { } due } => [DeliveryRows.ToRow(one.Decision), DeliveryRows.ToRow(due)],
        _ => [DeliveryRows.ToRow(one.Decision)],
    };

    // An attempt follows its decision; one without a decision belongs to nothing.
    private async IAsyncEnumerable<DeliveryRecord> ReadAsync(RowRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DecisionRow? decision = null;
        var attempts = new List<AttemptRow>();
        await foreach (var row in QueryAsync(range, cancellationToken))
        {
            if (DeliveryId.TryParse(row.Key, out _))
            {
                if (decision is not null)
                {
                    yield return new DeliveryRecord(decision, attempts);
                }
                (decision, attempts) = (DeliveryRows.Decision(row), []);
            }
            else if (AttemptId.TryParse(row.Key, out var attempt) && attempt.Delivery == decision?.Id)
            {
                attempts.Add(DeliveryRows.Attempt(row));
            }
        }
        if (decision is not null)
        {
            yield return new DeliveryRecord(decision, attempts);
        }
    }

    private IAsyncEnumerable<TableRow> QueryAsync(RowRange range, CancellationToken cancellationToken) =>
        tables.QueryAsync(Name, range.Partition, range.From, range.To, cancellationToken);
}
