using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>Range scans: order, bounds, pages.</summary>
public abstract class TableScansContract : TablesContract
{
    [ContractFact]
    public async Task Streams_2500_rows_in_order_over_several_pages()
    {
        var keys = Enumerable.Range(0, 2500).Select(i => $"k{i:D5}").ToArray();
        await InsertManyAsync(keys.Select((key, i) => Row(key, ("N", i))));

        var rows = await QueryAsync("k", "l");

        Assert.Equal(keys, rows.Select(r => r.Key));
        Assert.Equal(Enumerable.Range(0, 2500).Select(i => (long?)i), rows.Select(r => r.Number("N")));
    }

    [ContractFact]
    public async Task Starts_with_the_lower_bound_and_ends_before_the_upper()
    {
        await InsertManyAsync(new[] { "a", "b", "b0", "c", "d" }.Select(k => Row(k)));

        Assert.Equal(["b", "b0"], (await QueryAsync("b", "c")).Select(r => r.Key));
        Assert.Equal(["b0", "c"], (await QueryAsync("b!", "cc")).Select(r => r.Key));
        Assert.Empty(await QueryAsync("c", "c"));
        Assert.Empty(await QueryAsync("d", "a"));
        Assert.Empty(await QueryAsync("e", "f"));
    }

    [ContractFact]
    public async Task Counts_the_rows_of_a_range_up_to_a_limit()
    {
        await InsertManyAsync(Enumerable.Range(0, 1200).Select(i => Row($"k{i:D5}", ("Body", new string('x', 100)))));
        Task<int> CountAsync(string from, string to, int most) =>
            Tables.CountAsync(Table, Partition, from, to, most, CancellationToken.None);

        Assert.Equal(1200, await CountAsync("k", "l", 2000));
        Assert.Equal((1100, 3, 1), (await CountAsync("k", "l", 1100), await CountAsync("k", "l", 3),
            await CountAsync("k00001", "k00002", 10)));
        Assert.Equal((0, 0), (await CountAsync("l", "m", 10),
            await Tables.CountAsync(Table, "other", "a", "z", 10, CancellationToken.None)));
    }

    [ContractFact]
    public async Task Sorts_by_ordinal_comparison()
    {
        string[] keys = ["!i|1", "0", "A", "Z", "_", "a", "z", "~", "é", "я", "日"];
        await InsertManyAsync(keys.Reverse().Select(k => Row(k)));

        Assert.Equal(keys, (await QueryAsync("!", "\uFFFD")).Select(r => r.Key));
    }

    [ContractFact]
    public async Task Stays_within_its_partition()
    {
        await WriteAsync(TableWrite.Insert(Row("k")));
        await WriteAsync(TableWrite.Insert(new TableRow("other", "k") { ["A"] = 1 }));

        Assert.Null(Assert.Single(await QueryAsync("a", "z"))["A"]);
        Assert.Equal(1, Assert.Single(await QueryAsync("a", "z", "other"))["A"]);
    }

    [ContractFact]
    public async Task Shows_rows_that_stay_once_while_others_come_and_go()
    {
        await InsertManyAsync(Enumerable.Range(0, 2200).Select(i => Row($"k{i:D5}")));
        var seen = new List<string>();

        await foreach (var row in Tables.QueryAsync(Table, Partition, "k", "l", CancellationToken.None))
        {
            seen.Add(row.Key);
            if (seen.Count == 1)
            {
                await WriteAsync(TableWrite.Delete(Partition, "k00000"), TableWrite.Insert(Row("k00000-new")),
                    TableWrite.Delete(Partition, "k02100"));
                await WriteAsync(TableWrite.Merge(Row("k02000", ("A", 1))), TableWrite.Insert(Row("j")), TableWrite.Insert(Row("k99999")));
            }
        }

        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Superset(
            Enumerable.Range(0, 2200).Where(i => i != 2100).Select(i => $"k{i:D5}").ToHashSet(StringComparer.Ordinal),
            seen.ToHashSet(StringComparer.Ordinal));
    }

    [ContractFact]
    public async Task Can_be_left_in_the_middle()
    {
        await InsertManyAsync(Enumerable.Range(0, 1500).Select(i => Row($"k{i:D5}")));

        await foreach (var row in Tables.QueryAsync(Table, Partition, "k", "l", CancellationToken.None))
        {
            Assert.Equal("k00000", row.Key);
            break;
        }
    }

    [ContractFact]
    public async Task Stops_when_it_is_cancelled()
    {
        await InsertManyAsync(Enumerable.Range(0, 2100).Select(i => Row($"k{i:D5}")));
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Tables.QueryAsync(Table, Partition, "k", "l", cancel.Token))
            {
                await cancel.CancelAsync();
            }
        });
    }
}
