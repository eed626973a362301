namespace Notify.Functions.Infrastructure.Tables;

/// <summary>Inserts many rows, each independently of the others, in as few transactions as their partitions allow.</summary>
internal static class BulkInsert
{
    // The service's limits are 100 operations and 4 MiB; half of the latter leaves room for the wire format.
    internal const int MaxRows = 100;
    private const int MaxBytes = 2 * 1024 * 1024;
    private const int ReadsAtOnce = 16;

    // A row that conflicts may be erased before it is read; one that conflicts and never shows is a fault of ours.
    private const int RoundsWithoutProgress = 5;

    /// <summary>
    /// Inserts the rows that do not exist and returns those that did, as they stand, by key. Rows are told apart by partition and key;
    /// of equal ones in <paramref name="rows"/> the first counts. Safe to repeat.
    /// </summary>
    public static Task<IReadOnlyDictionary<(string Partition, string Key), TableRow>> InsertAllAsync(
        this ITables tables, string table, IEnumerable<TableRow> rows, CancellationToken cancellationToken) =>
        tables.InsertAllAsync(table, rows.Select(row => (IReadOnlyList<TableRow>)[row]), cancellationToken);

    /// <summary>
    /// The same for groups of rows of one partition that belong together: the first row of a group stands for it, and where it exists,
    /// nothing of the group is inserted.
    /// </summary>
    public static async Task<IReadOnlyDictionary<(string Partition, string Key), TableRow>> InsertAllAsync(
        this ITables tables, string table, IEnumerable<IReadOnlyList<TableRow>> groups, CancellationToken cancellationToken)
    {
        var existing = new Dictionary<(string, string), TableRow>();
        foreach (var partition in groups.DistinctBy(group => (group[0].Partition, group[0].Key))
            .GroupBy(group => group[0].Partition, StringComparer.Ordinal))
        {
            foreach (var chunk in Chunks(partition))
            {
                await InsertChunkAsync(tables, table, chunk, existing, cancellationToken);
            }
        }
        return existing;
    }

    private static async Task InsertChunkAsync(
        ITables tables, string table, List<IReadOnlyList<TableRow>> groups, Dictionary<(string, string), TableRow> existing,
        CancellationToken cancellationToken)
    {
        for (var rounds = 1; groups.Count > 0; rounds++)
        {
            var outcome = await tables.WriteAsync(table, [.. groups.SelectMany(group => group).Select(TableWrite.Insert)],
                cancellationToken);
            if (outcome.IsDone)
            {
                return;
            }
            // A conflict seldom comes alone (a batch that is delivered again conflicts in every row): ask for all at once.
            var found = await ReadAllAsync(tables, table, [.. groups.Select(group => group[0])], cancellationToken);
            foreach (var row in found)
            {
                existing[(row.Partition, row.Key)] = row;
            }
            var rest = groups.Where(group => !existing.ContainsKey((group[0].Partition, group[0].Key))).ToList();
            if (rest.Count == groups.Count && rounds >= RoundsWithoutProgress)
            {
                throw new InvalidOperationException("A row that belongs to another exists without it.");
            }
            groups = rest;
        }
    }

    /// <summary>Reads many rows by key, a bounded number at a time; those that do not exist are left out.</summary>
    public static async Task<IReadOnlyList<TableRow>> ReadAllAsync(
        this ITables tables, string table, IReadOnlyCollection<TableRow> keys, CancellationToken cancellationToken)
    {
        var found = new List<TableRow>();
        foreach (var some in keys.Chunk(ReadsAtOnce))
        {
            var read = await Task.WhenAll(some.Select(key => tables.GetAsync(table, key.Partition, key.Key, cancellationToken)));
            found.AddRange(read.OfType<TableRow>());
        }
        return found;
    }

    internal static IEnumerable<List<IReadOnlyList<TableRow>>> Chunks(IEnumerable<IReadOnlyList<TableRow>> groups)
    {
        var (chunk, rows, bytes) = (new List<IReadOnlyList<TableRow>>(), 0, 0L);
        foreach (var group in groups)
        {
            var size = group.Sum(SizeOf);
            if (rows + group.Count > MaxRows || (rows > 0 && bytes + size > MaxBytes))
            {
                yield return chunk;
                (chunk, rows, bytes) = ([], 0, 0);
            }
            chunk.Add(group);
            rows += group.Count;
            bytes += size;
        }
        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }

    // Binary properties travel as base64.
    private static long SizeOf(TableRow row) => 512 + row.Properties.Sum(property => property.Value switch
    {
        string text => 64L + (2 * text.Length),
        byte[] bytes => 64L + (bytes.Length * 4 / 3),
        _ => 64L,
    });
}
