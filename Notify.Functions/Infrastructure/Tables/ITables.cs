namespace Notify.Functions.Infrastructure.Tables;

/// <summary>
/// The durable truth: rows by partition and row key, with the guarantees of Azure Table Storage and no others.
/// </summary>
/// <remarks>
/// What a caller can expect and decide on (a conflict, a missing row, a stale ETag) is a value. Anything thrown other than
/// <see cref="ArgumentException"/> is a fault of the infrastructure and may be tried again. Tables come into being on first use.
/// Keys: any character except <c>/ \ # ?</c> and control characters, at most 512 characters each. A string property holds at most 32,768
/// UTF-16 characters, a byte array at most 65,536 bytes, a row at most 1 MiB.
/// </remarks>
public interface ITables
{
    /// <summary>Reads one row, or <see langword="null"/> where there is none.</summary>
    Task<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken);

    /// <summary>
    /// Streams the rows of one partition with <paramref name="from"/> ≤ row key &lt; <paramref name="to"/> (ordinal), in order,
    /// page by page, never all in memory.
    /// </summary>
    IAsyncEnumerable<TableRow> QueryAsync(string table, string partition, string from, string to, CancellationToken cancellationToken);

    /// <summary>
    /// How many rows such a range has, up to <paramref name="most"/>. Only keys are read, one operation for each thousand of them.
    /// </summary>
    Task<int> CountAsync(string table, string partition, string from, string to, int most, CancellationToken cancellationToken);

    /// <summary>
    /// Does all the writes or none. 1–100 writes, all of one partition, each row once, together at most 4 MiB
    /// (<see cref="ArgumentException"/> otherwise). A single write is done without a transaction's cost.
    /// </summary>
    Task<TableOutcome> WriteAsync(string table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken);
}
