namespace Notify.Functions.Infrastructure.Tables;

/// <summary>Merges into many rows, each independently of the others.</summary>
public static class BulkMerge
{
    /// <summary>
    /// Merges the rows that exist, whatever their version, and returns how many did not: they were erased. Safe to repeat. Each row at most once.
    /// </summary>
    public static async Task<int> MergeAllAsync(this ITables tables, string table, IEnumerable<TableRow> rows, CancellationToken cancellationToken)
    {
        var missing = 0;
        foreach (var partition in rows.GroupBy(row => row.Partition, StringComparer.Ordinal))
        {
            foreach (var chunk in BulkInsert.Chunks(partition.Select(row => (IReadOnlyList<TableRow>)[row])))
            {
                missing += await MergeChunkAsync(tables, table, [.. chunk.Select(group => group[0])], cancellationToken);
            }
        }
        return missing;
    }

    private static async Task<int> MergeChunkAsync(ITables tables, string table, List<TableRow> rows, CancellationToken cancellationToken)
    {
        var missing = 0;
        while (rows.Count > 0)
        {
            var outcome = await tables.WriteAsync(table, [.. rows.Select(row => TableWrite.Merge(row))], cancellationToken);
            if (outcome.IsDone)
            {
                break;
            }
            rows = [.. rows.Where((_, index) => index != outcome.FailedIndex)];
            missing++;
        }
        return missing;
    }
}
