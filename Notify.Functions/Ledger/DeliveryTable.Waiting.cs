using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>What waits, beside the deliveries: for a digest, for its time, and closed digests for their queue.</summary>
public sealed partial class DeliveryTable
{
    /// <summary>How many items are taken away at once: a transaction has 100 writes, and each takes two.</summary>
    public const int MostWithheld = 50;

    /// <summary>The key of what waits for a digest because of a decision.</summary>
    public static string DigestItemKey(DecisionRow decision, string? category) => DeliveryRows.DigestItemKey(decision, category);

    /// <summary>
    /// Streams the digest items of a partition whose window ends at or before a moment, in the order of windows, recipients and channels.
    /// </summary>
    public IAsyncEnumerable<DigestItem> DigestItemsAsync(string partition, DateTimeOffset until, CancellationToken cancellationToken) =>
        QueryAsync(DeliveryRows.RangeOfDigestItems(partition, until), cancellationToken).Select(DeliveryRows.DigestItem);

    /// <summary>Streams the digest items of one recipient.</summary>
    public IAsyncEnumerable<DigestItem> DigestItemsOfAsync(string recipientHash, CancellationToken cancellationToken) =>
        QueryAsync(DeliveryRows.RangeOfDigestItems(KeyedHashes.PartitionOf(recipientHash)), cancellationToken)
            .Where(row => DeliveryRows.IsDigestItemOf(recipientHash, row)).Select(DeliveryRows.DigestItem);

    /// <summary>Those of the items that are still there.</summary>
    public async Task<IReadOnlyList<DigestItem>> StillThereAsync(IReadOnlyList<DigestItem> items, CancellationToken cancellationToken)
    {
        var rows = await tables.ReadAllAsync(Name, [.. items.Select(DeliveryRows.Key)], cancellationToken);
        var keys = rows.Select(row => row.Key).ToHashSet(StringComparer.Ordinal);
        return [.. items.Where(item => keys.Contains(item.Key))];
    }

    /// <summary>Makes items one digest, all or nothing: takes them away, and puts its decision and its message there.</summary>
    public Task<TableOutcome> CloseDigestAsync(
        IReadOnlyList<DigestItem> items, DecisionRow decision, ClosedDigest digest, CancellationToken cancellationToken) =>
        tables.WriteAsync(
            Name,
            [
                .. items.Select(item => TableWrite.Delete(item.Delivery.Partition, item.Key)),
                TableWrite.Insert(DeliveryRows.ToRow(decision)),
                TableWrite.Insert(DeliveryRows.ToRow(digest)),
            ],
            cancellationToken);

    /// <summary>Takes items away that no digest is to show, each with the attempt that says why; all or nothing.</summary>
    /// <param name="withheld">At most <see cref="MostWithheld"/> of one partition.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    public Task<TableOutcome> WithholdItemsAsync(
        IReadOnlyCollection<(DigestItem Item, AttemptRow Ending)> withheld, CancellationToken cancellationToken) =>
        tables.WriteAsync(
            Name,
            [.. withheld.SelectMany(one =>
                new[] { TableWrite.Delete(one.Item.Delivery.Partition, one.Item.Key), TableWrite.Insert(DeliveryRows.ToRow(one.Ending)) })],
            cancellationToken);

    /// <summary>
    /// Takes members out of a digest that is about to be sent: inserts the digest's attempt, so that nobody sends it as it was, and each
    /// member's attempt, which says why; all or nothing. <see langword="false"/> where the digest's attempt was begun before.
    /// </summary>
    public async Task<bool> TakeOutAsync(AttemptRow digest, IEnumerable<AttemptRow> endings, CancellationToken cancellationToken) =>
        (await tables.WriteAsync(Name,
            [TableWrite.Insert(DeliveryRows.ToRow(digest)), .. endings.Select(ending => TableWrite.Insert(DeliveryRows.ToRow(ending)))],
            cancellationToken)).IsDone;

    /// <summary>Streams the closed digests of a partition that are not known to be enqueued.</summary>
    public IAsyncEnumerable<ClosedDigest> ClosedDigestsAsync(string partition, CancellationToken cancellationToken) =>
        QueryAsync(DeliveryRows.RangeOfClosedDigests(partition), cancellationToken).Select(DeliveryRows.ClosedDigest);

    /// <summary>Says on each member of a digest which digest took it in. Safe to repeat.</summary>
    public Task JoinDigestAsync(DecisionRow digest, CancellationToken cancellationToken) =>
        tables.MergeAllAsync(
            Name,
            (digest.Members?.Split(' ') ?? []).Select(member => DeliveryRows.Member(digest.Id.Partition, member, digest.Id)),
            cancellationToken);

    /// <summary>Forgets a closed digest, which is enqueued. Safe to repeat.</summary>
    public Task DeleteClosedDigestAsync(ClosedDigest digest, CancellationToken cancellationToken)
    {
        var row = DeliveryRows.Key(digest);
        return tables.WriteAsync(Name, [TableWrite.Delete(row.Partition, row.Key)], cancellationToken);
    }

    /// <summary>Streams what is due in a partition at or before a moment, in order.</summary>
    public IAsyncEnumerable<ScheduledDelivery> DueItemsAsync(string partition, DateTimeOffset until, CancellationToken cancellationToken) =>
        QueryAsync(DeliveryRows.RangeOfDueItems(partition, until), cancellationToken).Select(DeliveryRows.DueItem);

    /// <summary>
    /// Lets a delivery wait for another time, if it still waits as it was read: what was taken away meanwhile does not come back. Safe to
    /// repeat.
    /// </summary>
    public Task PutOffAsync(ScheduledDelivery item, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var row = DeliveryRows.Key(item);
        return tables.WriteAsync(Name,
            [TableWrite.Delete(row.Partition, row.Key, item.ETag), TableWrite.Insert(DeliveryRows.ToRow(item with { Due = due }))],
            cancellationToken);
    }

    /// <summary>Takes released deliveries away. Safe to repeat.</summary>
    public Task DeleteDueItemsAsync(IEnumerable<ScheduledDelivery> items, CancellationToken cancellationToken) =>
        tables.DeleteAllAsync(Name, [.. items.Select(DeliveryRows.Key)], cancellationToken);

    /// <summary>
    /// Takes away what only waits for its time or its queue of one recipient, and says how many that were. Safe to repeat.
    /// </summary>
    public async Task<int> DeleteWaitingAsync(string recipientHash, CancellationToken cancellationToken)
    {
        var rows = await QueryAsync(DeliveryRows.RangeOfDueItems(KeyedHashes.PartitionOf(recipientHash)), cancellationToken)
            .Where(row => DeliveryRows.IsDueItemOf(recipientHash, row))
            .Concat(QueryAsync(DeliveryRows.RangeOfClosedDigestsOf(recipientHash), cancellationToken))
            .ToListAsync(cancellationToken);
        await tables.DeleteAllAsync(Name, rows, cancellationToken);
        return rows.Count;
    }
}
