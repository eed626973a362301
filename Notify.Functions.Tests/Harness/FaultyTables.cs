using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Notify.Functions.Infrastructure.Tables;
using Notify.LocalHost.InMemory;

namespace Notify.Functions.Tests.Harness;

/// <summary>Tables that a test can take away, or let die around a write.</summary>
internal sealed class FaultyTables(ITables inner) : ITables
{
    /// <summary>What tables do that no test disturbs.</summary>
    public static readonly Func<string, IReadOnlyList<TableWrite>, Task> Nothing = (_, _) => Task.CompletedTask;

    private readonly ConcurrentDictionary<string, int> _reads = new(StringComparer.Ordinal);
    private int _writes;

    /// <summary>Runs before each reading of a table; what it throws stands for tables that are away.</summary>
    public Action<string> BeforeRead { get; set; } = _ => { };

    /// <summary>Runs before each write; what it throws stands for a process that dies before the write.</summary>
    public Func<string, IReadOnlyList<TableWrite>, Task> BeforeWrite { get; set; } = Nothing;

    /// <summary>Runs after each write that was done; what it throws stands for an answer that is lost.</summary>
    public Func<string, IReadOnlyList<TableWrite>, Task> AfterWrite { get; set; } = Nothing;

    /// <summary>Every partition that anything is written to from now on.</summary>
    public ConcurrentDictionary<(string Table, string Partition), bool> WatchPartitions()
    {
        var partitions = new ConcurrentDictionary<(string, string), bool>();
        AfterWrite = (table, writes) =>
        {
            partitions[(table, writes[0].Row.Partition)] = true;
            return Task.CompletedTask;
        };
        return partitions;
    }

    /// <summary>How many operations a table service would have been asked for: each read, and each write, whatever the table.</summary>
    public int Operations => _reads.Values.Sum() + _writes;

    /// <summary>
    /// How many operations a table service would have been asked for to read this table: a row, or a page of a range, each.
    /// </summary>
    public int Reads(string table) => _reads.GetValueOrDefault(table);

    public Task<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken)
    {
        CountRead(table);
        return inner.GetAsync(table, partition, row, cancellationToken);
    }

    public async IAsyncEnumerable<TableRow> QueryAsync(
        string table, string partition, string from, string to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = 0;
        CountRead(table);
        await foreach (var row in inner.QueryAsync(table, partition, from, to, cancellationToken))
        {
            if (++rows % InMemoryTables.PageSize == 1 && rows > 1)
            {
                CountRead(table);
            }
            yield return row;
        }
    }

    public Task<int> CountAsync(string table, string partition, string from, string to, int most, CancellationToken cancellationToken)
    {
        CountRead(table);
        return inner.CountAsync(table, partition, from, to, most, cancellationToken);
    }

    public async Task<TableOutcome> WriteAsync(string table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        await BeforeWrite(table, writes);
        Interlocked.Increment(ref _writes);
        var outcome = await inner.WriteAsync(table, writes, cancellationToken);
        if (outcome.IsDone)
        {
            await AfterWrite(table, writes);
        }
        return outcome;
    }

    private void CountRead(string table)
    {
        BeforeRead(table);
        _reads.AddOrUpdate(table, 1, static (_, count) => count + 1);
    }
}
