namespace Notify.Functions.Infrastructure.Tables;

/// <summary>Deletes many rows, each independently of the others.</summary>
internal static class BulkDelete
{
    /// <summary>Deletes the rows that exist, by their keys. Safe to repeat. Each row at most once.</summary>
    public static Task DeleteAllAsync(
        this ITables tables, string table, IReadOnlyCollection<TableRow> keys, CancellationToken cancellationToken) =>
        DeleteAsync(tables, table, keys, row => TableWrite.Delete(row.Partition, row.Key), cancellationToken);

    /// <summary>Deletes the rows that are as they were read. Safe to repeat. Each row at most once.</summary>
    public static Task DeleteUnchangedAsync(
        this ITables tables, string table, IReadOnlyCollection<TableRow> rows, CancellationToken cancellationToken) =>
        DeleteAsync(tables, table, rows, row => TableWrite.Delete(row.Partition, row.Key, row.ETag), cancellationToken);

    private static async Task DeleteAsync(
        ITables tables, string table, IReadOnlyCollection<TableRow> keys, Func<TableRow, TableWrite> delete,
        CancellationToken cancellationToken)
    {
        foreach (var partition in keys.GroupBy(key => key.Partition, StringComparer.Ordinal))
        {
            foreach (var chunk in partition.Chunk(BulkInsert.MaxRows))
            {
                var rows = chunk.ToList();
                while (rows.Count > 0)
                {
                    var outcome = await tables.WriteAsync(table, [.. rows.Select(delete)], cancellationToken);
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
