namespace Notify.Functions.Infrastructure.Tables;

/// <summary>Deletes many rows, each independently of the others.</summary>
internal static class BulkDelete
{
    /// <summary>Deletes the rows that exist, by their keys. Safe to repeat. Each row at most once.</summary>
    public static async Task DeleteAllAsync(this ITables tables, string table, IReadOnlyCollection<TableRow> keys, CancellationToken cancellationToken)
    {
        foreach (var partition in keys.GroupBy(key => key.Partition, StringComparer.Ordinal))
        {
            foreach (var chunk in partition.Chunk(BulkInsert.MaxRows))
            {
                var rows = chunk.ToList();
                while (rows.Count > 0)
                {
                    var outcome = await tables.WriteAsync(table, [.. rows.Select(row => TableWrite.Delete(row.Partition, row.Key))], cancellationToken);
                    if (outcome.IsDone)
                    {
                        break;
                    }
                    rows.RemoveAt(outcome.FailedIndex);
                }
            }
        }
    }
}
