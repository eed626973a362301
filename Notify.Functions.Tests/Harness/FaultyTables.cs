using Notify.Functions.Storage;

namespace Notify.Functions.Tests.Harness;

/// <summary>Tables that a test can take away, or let die around a write.</summary>
public sealed class FaultyTables(ITables inner) : ITables
{
    /// <summary>What tables do that no test disturbs.</summary>
    public static readonly Func<string, IReadOnlyList<TableWrite>, Task> Nothing = (_, _) => Task.CompletedTask;

    /// <summary>Runs before each write; what it throws stands for a process that dies before the write.</summary>
    public Func<string, IReadOnlyList<TableWrite>, Task> BeforeWrite { get; set; } = Nothing;

    /// <summary>Runs after each write that was done; what it throws stands for an answer that is lost.</summary>
    public Func<string, IReadOnlyList<TableWrite>, Task> AfterWrite { get; set; } = Nothing;

    public Task<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken) =>
        inner.GetAsync(table, partition, row, cancellationToken);

    public IAsyncEnumerable<TableRow> QueryAsync(string table, string partition, string from, string to, CancellationToken cancellationToken) =>
        inner.QueryAsync(table, partition, from, to, cancellationToken);

    public async Task<TableOutcome> WriteAsync(string table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        await BeforeWrite(table, writes);
        var outcome = await inner.WriteAsync(table, writes, cancellationToken);
        if (outcome.IsDone)
        {
            await AfterWrite(table, writes);
        }
        return outcome;
    }
}
