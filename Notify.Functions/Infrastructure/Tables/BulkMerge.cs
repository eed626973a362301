namespace Notify.Functions.Infrastructure.Tables;

/// <summary>Merges into many rows, each independently of the others.</summary>
internal static class BulkMerge
{
    /// <summary>
    /// Merges the rows that exist, each at its ETag if it has one, whatever its version if not, and returns those that were not merged:
    /// they have changed, or are gone. Safe to repeat. Each row at most once.
    /// </summary>
    public static async Task<IReadOnlyList<TableRow>> MergeAllAsync(
        this ITables tables, string table, IEnumerable<TableRow> rows, CancellationToken cancellationToken)
    {
        var left = new List<TableRow>();
        foreach (var partition in rows.GroupBy(row => row.Partition, StringComparer.Ordinal))
        {
            foreach (var chunk in BulkInsert.Chunks(partition.Select(row => (IReadOnlyList<TableRow>)[row])))
            {
                await MergeChunkAsync(tables, table, [.. chunk.Select(group => group[0])], left, cancellationToken);
            }
        }
        return left;
    }

    private static async Task MergeChunkAsync(
        ITables tables, string table, List<TableRow> rows, List<TableRow> left, CancellationToken cancellationToken)
    {
        while (rows.Count > 0)
        {
            var outcome = await tables.WriteAsync(table, [.. rows.Select(row => TableWrite.Merge(row, row.ETag))], cancellationToken);
            if (outcome.IsDone)
            {
                break;
            }
            left.Add(rows[outcome.FailedIndex]);
            rows.RemoveAt(outcome.FailedIndex);
        }
    }
}
