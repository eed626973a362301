using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Recovery;

/// <summary>Lists the records that were set aside, newest first over all partitions.</summary>
public sealed class RejectedListing(ITables tables)
{
    // The keys of the table go from digits to letters; '!' sorts before anything that can follow within a key.
    private const string First = "0";
    private const string Last = "~";
    private const string Behind = "!";

    /// <summary>One page.</summary>
    /// <param name="after">The record behind which to begin; <see langword="null"/> for the newest.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<RejectedPage> ReadAsync(string? after, int take, CancellationToken cancellationToken)
    {
        var from = after is null ? First : after + Behind;
        var streams = KeyedHashes.Partitions
            .Select(partition => tables.QueryAsync(TableNames.Rejected, partition, from, Last, cancellationToken)
                .GetAsyncEnumerator(cancellationToken))
            .ToList();
        try
        {
            // Each stream is in order by itself; its key is the same time in every partition.
            var newest = new PriorityQueue<IAsyncEnumerator<TableRow>, string>(StringComparer.Ordinal);
            var started = await Task.WhenAll(streams.Select(stream => stream.MoveNextAsync().AsTask()));
            foreach (var (stream, _) in streams.Zip(started).Where(pair => pair.Second))
            {
                newest.Enqueue(stream, stream.Current.Key);
            }
            var items = new List<RejectedView>();
            while (newest.TryDequeue(out var stream, out var key))
            {
                if (items.Count == take)
                {
                    return new RejectedPage(items, items[^1].Id);
                }
                items.Add(RejectedRecord.From(stream.Current).View(key));
                if (await stream.MoveNextAsync())
                {
                    newest.Enqueue(stream, stream.Current.Key);
                }
            }
            return new RejectedPage(items, Next: null);
        }
        finally
        {
            foreach (var stream in streams)
            {
                await stream.DisposeAsync();
            }
        }
    }
}

/// <summary>One page of rejected records.</summary>
/// <param name="Items">The records, newest first.</param>
/// <param name="Next">Where the next page begins; absent on the last.</param>
public sealed record RejectedPage(IReadOnlyList<RejectedView> Items, string? Next);
