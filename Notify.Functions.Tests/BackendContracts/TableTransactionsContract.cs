using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>Transactions: everything or nothing, and who is to blame.</summary>
public abstract class TableTransactionsContract : TablesContract
{
    [ContractFact]
    public async Task Does_a_hundred_writes_of_every_kind_at_once()
    {
        await InsertManyAsync(Enumerable.Range(0, 80).Select(i => Row($"r{i:D3}", ("A", 1))));
        var etag = (await GetAsync("r000"))!.ETag;

        var outcome = await WriteAsync(
        [
            TableWrite.Merge(Row("r000", ("B", 2)), etag),
            .. Enumerable.Range(1, 9).Select(i => TableWrite.Merge(Row($"r{i:D3}", ("B", 2)))),
            .. Enumerable.Range(10, 10).Select(i => TableWrite.Set(Row($"r{i:D3}", ("B", 2)))),
            .. Enumerable.Range(20, 20).Select(i => TableWrite.Replace(Row($"r{i:D3}", ("B", 2)))),
            .. Enumerable.Range(40, 20).Select(i => TableWrite.Delete(Partition, $"r{i:D3}")),
            .. Enumerable.Range(70, 20).Select(i => TableWrite.Upsert(Row($"r{i:D3}", ("B", 2)))),
            .. Enumerable.Range(90, 15).Select(i => TableWrite.Insert(Row($"r{i:D3}", ("B", 2)))),
            .. Enumerable.Range(105, 5).Select(i => TableWrite.Set(Row($"r{i:D3}", ("B", 2)))),
        ]);

        Assert.Equal(TableOutcome.Done, outcome);
        var rows = await QueryAsync("r", "s");
        Assert.Equal(90, rows.Count);
        Assert.Equal(20, rows.Count(r => r.Has("A") && r.Has("B")));
        Assert.Equal(60, rows.Count(r => r.Has("B") && !r.Has("A")));
    }

    [ContractFact]
    public async Task Does_nothing_when_one_insert_conflicts_and_names_it()
    {
        await WriteAsync(TableWrite.Insert(Row("c", ("A", 1))));

        var outcome = await WriteAsync(
            TableWrite.Insert(Row("a")),
            TableWrite.Insert(Row("b")),
            TableWrite.Insert(Row("c", ("A", 2))),
            TableWrite.Insert(Row("d")));

        Assert.Equal(new TableOutcome(TableFault.AlreadyExists, 2), outcome);
        Assert.Equal(1, Assert.Single(await QueryAsync("a", "z"))["A"]);
    }

    [ContractFact]
    public async Task Does_nothing_when_a_row_is_missing_and_names_it()
    {
        await WriteAsync(TableWrite.Insert(Row("a", ("A", 1))));

        var outcome = await WriteAsync(
            TableWrite.Merge(Row("a", ("A", 2))),
            TableWrite.Delete(Partition, "missing"),
            TableWrite.Insert(Row("b")));

        Assert.Equal(new TableOutcome(TableFault.NotFound, 1), outcome);
        Assert.Equal(1, Assert.Single(await QueryAsync("a", "z"))["A"]);
    }

    [ContractFact]
    public async Task Does_nothing_when_a_version_has_changed_and_names_it()
    {
        await WriteAsync(TableWrite.Insert(Row("a", ("A", 1))), TableWrite.Insert(Row("b", ("A", 1))));
        var stale = (await GetAsync("b"))!.ETag;
        await WriteAsync(TableWrite.Merge(Row("b", ("A", 2))));

        var outcome = await WriteAsync(
            TableWrite.Insert(Row("c")),
            TableWrite.Delete(Partition, "a"),
            TableWrite.Delete(Partition, "b", stale));

        Assert.Equal(new TableOutcome(TableFault.Changed, 2), outcome);
        Assert.Equal(["a", "b"], (await QueryAsync("a", "z")).Select(r => r.Key));
    }

    [ContractFact]
    public async Task Names_the_last_of_a_hundred()
    {
        await WriteAsync(TableWrite.Insert(Row("r099")));

        var outcome = await WriteAsync([.. Enumerable.Range(0, 100).Select(i => TableWrite.Insert(Row($"r{i:D3}")))]);

        Assert.Equal(new TableOutcome(TableFault.AlreadyExists, 99), outcome);
    }

    [ContractFact]
    public async Task Lets_one_of_two_overlapping_transactions_through()
    {
        for (var round = 0; round < 10; round++)
        {
            var shared = $"shared{round}";
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => WriteAsync(
                TableWrite.Insert(Row($"own{round}-{i}")),
                TableWrite.Insert(Row(shared, ("By", i)))))));

            var winner = Assert.Single(Enumerable.Range(0, 4), i => outcomes[i].IsDone);
            Assert.All(outcomes.Where(o => !o.IsDone), o => Assert.Equal(new TableOutcome(TableFault.AlreadyExists, 1), o));
            Assert.Equal(winner, (await GetAsync(shared))!["By"]);
            Assert.Equal($"own{round}-{winner}", Assert.Single(await QueryAsync($"own{round}-", $"own{round}.")).Key);
        }
    }

    [ContractFact]
    public async Task Takes_almost_four_mebibytes()
    {
        var bytes = new byte[30 * 1024];

        Assert.True((await WriteAsync([.. Enumerable.Range(0, 90)
            .Select(i => TableWrite.Insert(Row($"r{i:D3}", ("Bytes", bytes))))])).IsDone);

        Assert.Equal(90, (await QueryAsync("r", "s")).Count);
    }
}
