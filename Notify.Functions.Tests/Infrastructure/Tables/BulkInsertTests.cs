using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.InMemory;

namespace Notify.Functions.Tests.Infrastructure.Tables;

public sealed class BulkInsertTests
{
    private readonly FaultyTables _tables = new(new InMemoryTables());
    private int _writes;

    public BulkInsertTests() => _tables.BeforeWrite = (_, _) => Task.FromResult(_writes++);

    [Fact]
    public async Task Inserts_hundreds_in_few_transactions_and_names_what_was_there_already()
    {
        var first = await _tables.InsertAllAsync("things", Rows(0, 150, "first"), CancellationToken.None);
        Assert.Empty(first);
        Assert.Equal(2, _writes);

        var second = await _tables.InsertAllAsync("things", Rows(100, 350, "second"), CancellationToken.None);

        Assert.Equal(Enumerable.Range(100, 50).Select(n => $"{n:000}"), second.Values.Select(row => row.Key).Order(StringComparer.Ordinal));
        Assert.All(second.Values, row => Assert.Equal("first", row.Text("by")));
        Assert.Equal(350, await CountAsync());
    }

    [Fact]
    public async Task Of_a_group_whose_first_row_exists_nothing_is_inserted()
    {
        await _tables.InsertAllAsync("things", [new TableRow("p", "a")], CancellationToken.None);

        var existing = await _tables.InsertAllAsync(
            "things", [[new TableRow("p", "a"), new TableRow("p", "a-item")],
                (IReadOnlyList<TableRow>)[new TableRow("p", "b"), new TableRow("p", "b-item")]], CancellationToken.None);

        Assert.Equal("a", Assert.Single(existing).Value.Key);
        Assert.Equal(3, await CountAsync());
    }

    [Fact]
    public async Task A_group_is_never_torn_between_two_transactions()
    {
        var groups = Enumerable.Range(0, 60)
            .Select(n => (IReadOnlyList<TableRow>)[.. Enumerable.Range(0, 3).Select(part => new TableRow("p", $"{n:00}-{part}"))]);
        var torn = false;
        _tables.BeforeWrite = (_, writes) =>
            Task.FromResult(torn |= writes.GroupBy(write => write.Row.Key[..2], StringComparer.Ordinal).Any(group => group.Count() != 3));

        await _tables.InsertAllAsync("things", groups, CancellationToken.None);

        Assert.False(torn);
        Assert.Equal(180, await CountAsync());
    }

    [Fact]
    public async Task Equal_keys_in_one_call_count_once()
    {
        await _tables.InsertAllAsync("things", [.. Rows(0, 5, "a"), .. Rows(0, 5, "b")], CancellationToken.None);

        Assert.Equal("a", (await _tables.GetAsync("things", "p", "000", CancellationToken.None))!.Text("by"));
    }

    [Fact]
    public async Task A_row_that_belongs_to_another_and_exists_without_it_is_a_fault_and_no_endless_loop()
    {
        await _tables.InsertAllAsync("things", [new TableRow("p", "a-item")], CancellationToken.None);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => _tables.InsertAllAsync("things", [(IReadOnlyList<TableRow>)[new TableRow("p", "a"), new TableRow("p", "a-item")]],
                CancellationToken.None));
    }

    [Fact]
    public async Task Large_rows_keep_below_the_size_of_a_transaction()
    {
        var rows = Enumerable.Range(0, 12).Select(n =>
        {
            var row = new TableRow("p", $"{n:000}");
            row.SetLarge("content", new byte[600 * 1024]);
            return row;
        });

        await _tables.InsertAllAsync("things", rows, CancellationToken.None);

        Assert.Equal(12, await CountAsync());
        Assert.Equal(600 * 1024, (await _tables.GetAsync("things", "p", "003", CancellationToken.None))!.Large("content")!.Length);
    }

    [Fact]
    public async Task Merging_skips_what_was_erased_and_names_it()
    {
        await _tables.InsertAllAsync("things", Rows(0, 120, "a"), CancellationToken.None);

        var missing = await _tables.MergeAllAsync("things", [.. Rows(60, 130, "b")], CancellationToken.None);

        Assert.Equal(Enumerable.Range(120, 10).Select(n => $"{n:000}"), missing.Select(row => row.Key));
        Assert.Equal("b", (await _tables.GetAsync("things", "p", "119", CancellationToken.None))!.Text("by"));
        Assert.Equal("a", (await _tables.GetAsync("things", "p", "059", CancellationToken.None))!.Text("by"));
    }

    private static IEnumerable<TableRow> Rows(int from, int to, string by) =>
        Enumerable.Range(from, to - from).Select(n => new TableRow("p", $"{n:000}") { ["by"] = by });

    private async Task<int> CountAsync() => await _tables.QueryAsync("things", "p", "0", "~", CancellationToken.None).CountAsync();
}
