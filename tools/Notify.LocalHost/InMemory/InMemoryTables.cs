using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.LocalHost.InMemory;

/// <summary>Tables in memory, with the guarantees of <see cref="ITables"/>. Several hosts of one process can share an instance.</summary>
internal sealed class InMemoryTables : ITables
{
    /// <summary>Rows of a page, as the table service has them. Writes between two pages of a scan are seen or not, as there.</summary>
    public const int PageSize = 1000;

    private readonly ConcurrentDictionary<(string Table, string Partition), InMemoryPartition> _partitions = new();

    /// <inheritdoc/>
    public Task<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TableLimits.CheckKey(partition, nameof(partition));
        TableLimits.CheckKey(row, nameof(row));
        return Task.FromResult(Find(table, partition)?.Get(row)?.ToRow(partition));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TableRow> QueryAsync(
        string table, string partition, string from, string to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = Find(table, partition);
        while (rows is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = rows.Page(from, to, PageSize);
            foreach (var row in page)
            {
                yield return row.ToRow(partition);
            }
            if (page.Count < PageSize)
            {
                yield break;
            }
            from = page[^1].Key + '\0';
            await Task.Yield();
        }
    }

    /// <inheritdoc/>
    public async Task<int> CountAsync(
        string table, string partition, string from, string to, int most, CancellationToken cancellationToken) =>
        await QueryAsync(table, partition, from, to, cancellationToken).Take(most).CountAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<TableOutcome> WriteAsync(string table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TableLimits.CheckWrites(writes);
        var partition = _partitions.GetOrAdd(Address(table, writes[0].Row.Partition), static _ => new InMemoryPartition());
        return Task.FromResult(partition.Write(writes));
    }

    private InMemoryPartition? Find(string table, string partition) => _partitions.GetValueOrDefault(Address(table, partition));

    /// <summary>Table names are not case-sensitive there.</summary>
    private static (string Table, string Partition) Address(string table, string partition)
    {
        TableLimits.CheckTable(table);
        return (table.ToUpperInvariant(), partition);
    }
}
