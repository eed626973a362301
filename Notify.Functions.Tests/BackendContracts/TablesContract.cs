using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>What every <see cref="ITables"/> does. Each test works in a table of its own.</summary>
public abstract class TablesContract : IAsyncLifetime
{
    protected const string Partition = "p";
    private ITables? _tables;

    protected ITables Tables => _tables ?? throw new InvalidOperationException("Not set up.");

    /// <summary>A name that nobody has used, on a server that outlives the test either.</summary>
    protected string Table { get; } = $"contract{Guid.NewGuid():N}";

    public async Task InitializeAsync() => _tables = await CreateAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>The implementation under test.</summary>
    protected abstract Task<ITables> CreateAsync();

    protected static TableRow Row(string key, params (string Name, object Value)[] properties)
    {
        var row = new TableRow(Partition, key);
        foreach (var (name, value) in properties)
        {
            row[name] = value;
        }
        return row;
    }

    protected Task<TableOutcome> WriteAsync(params TableWrite[] writes) => Tables.WriteAsync(Table, writes, CancellationToken.None);

    protected Task<TableRow?> GetAsync(string key) => Tables.GetAsync(Table, Partition, key, CancellationToken.None);

    protected async Task<List<TableRow>> QueryAsync(string from, string to, string partition = Partition) =>
        await Tables.QueryAsync(Table, partition, from, to, CancellationToken.None).ToListAsync();

    /// <summary>Inserts rows of <see cref="Partition"/>, a hundred at a time.</summary>
    protected async Task InsertManyAsync(IEnumerable<TableRow> rows)
    {
        foreach (var chunk in rows.Chunk(100))
        {
            Assert.True((await WriteAsync([.. chunk.Select(TableWrite.Insert)])).IsDone);
        }
    }
}
