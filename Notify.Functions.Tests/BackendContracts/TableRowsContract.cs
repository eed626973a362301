using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>Single rows: values, versions and each kind of write.</summary>
public abstract class TableRowsContract : TablesContract
{
    [ContractFact]
    public async Task Returns_every_type_of_value_as_it_was_written()
    {
        var time = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(3)).AddTicks(1234567);
        var id = Guid.NewGuid();
        await WriteAsync(TableWrite.Insert(Row(
            "r",
            ("Text", "Grüße, мир 🎉 'quoted' \"twice\" \\ & <b>\n"),
            ("Empty", ""),
            ("Int", int.MinValue),
            ("Long", long.MaxValue),
            ("Half", 0.5),
            ("Whole", 2.0),
            ("Yes", true),
            ("No", false),
            ("Time", time),
            ("Id", id),
            ("Bytes", new byte[] { 0, 1, 254, 255 }),
            ("NoBytes", Array.Empty<byte>()))));

        var row = await GetAsync("r");

        Assert.NotNull(row);
        Assert.Equal((Partition, "r"), (row.Partition, row.Key));
        Assert.Equal("Grüße, мир 🎉 'quoted' \"twice\" \\ & <b>\n", row["Text"]);
        Assert.Equal("", row["Empty"]);
        Assert.Equal(int.MinValue, row["Int"]);
        Assert.Equal(long.MaxValue, row["Long"]);
        Assert.Equal(0.5, row["Half"]);
        Assert.Equal(2.0, row["Whole"]);
        Assert.Equal(true, row["Yes"]);
        Assert.Equal(false, row["No"]);
        Assert.Equal(time, row["Time"]);
        Assert.Equal(TimeSpan.Zero, row.Time("Time")!.Value.Offset);
        Assert.Equal(id, row["Id"]);
        Assert.Equal(new byte[] { 0, 1, 254, 255 }, row.Bytes("Bytes"));
        Assert.Empty(row.Bytes("NoBytes")!);
        Assert.Equal(12, row.Properties.Count);
        Assert.Null(row["Absent"]);
    }

    [ContractFact]
    public async Task Finds_nothing_in_a_table_that_nobody_has_written_to()
    {
        Assert.Null(await GetAsync("r"));
        Assert.Empty(await QueryAsync("a", "z"));
        Assert.Equal(new TableOutcome(TableFault.NotFound, 0), await WriteAsync(TableWrite.Delete(Partition, "r")));
    }

    [ContractFact]
    public async Task Holds_no_piece_of_what_a_caller_gave_or_got()
    {
        byte[] given = [1];
        var row = Row("r", ("Bytes", given));
        await WriteAsync(TableWrite.Insert(row));
        given[0] = 2;
        row["More"] = 1;
        var got = await GetAsync("r");
        got!.Bytes("Bytes")![0] = 3;
        got["More"] = 1;

        var again = await GetAsync("r");

        Assert.Equal(new byte[] { 1 }, again!.Bytes("Bytes"));
        Assert.False(again.Has("More"));
    }

    [ContractFact]
    public async Task Inserts_a_row_once()
    {
        Assert.True((await WriteAsync(TableWrite.Insert(Row("r", ("A", 1))))).IsDone);

        Assert.Equal(new TableOutcome(TableFault.AlreadyExists, 0), await WriteAsync(TableWrite.Insert(Row("r", ("A", 2)))));
        Assert.Equal(1, (await GetAsync("r"))!["A"]);
    }

    [ContractFact]
    public async Task Merges_into_what_is_there_and_leaves_the_rest()
    {
        await WriteAsync(TableWrite.Insert(Row("r", ("A", 1), ("B", 1))));

        Assert.True((await WriteAsync(TableWrite.Merge(Row("r", ("B", 2), ("C", 2))))).IsDone);

        var row = await GetAsync("r");
        Assert.Equal((1, 2, 2), ((int)row!["A"]!, (int)row["B"]!, (int)row["C"]!));
    }

    [ContractFact]
    public async Task Replaces_a_row_as_a_whole()
    {
        await WriteAsync(TableWrite.Insert(Row("r", ("A", 1), ("B", 1))));

        Assert.True((await WriteAsync(TableWrite.Replace(Row("r", ("B", 2))))).IsDone);

        var row = await GetAsync("r");
        Assert.False(row!.Has("A"));
        Assert.Equal(2, row["B"]);
    }

    [ContractFact]
    public async Task Upserts_whether_or_not_a_row_is_there()
    {
        Assert.True((await WriteAsync(TableWrite.Upsert(Row("r", ("A", 1))))).IsDone);
        Assert.True((await WriteAsync(TableWrite.Upsert(Row("r", ("B", 2))))).IsDone);

        var row = await GetAsync("r");
        Assert.False(row!.Has("A"));
        Assert.Equal(2, row["B"]);
    }

    [ContractFact]
    public async Task Sets_properties_whether_or_not_a_row_is_there_and_leaves_the_rest()
    {
        Assert.True((await WriteAsync(TableWrite.Set(Row("r", ("A", 1), ("B", 1))))).IsDone);
        Assert.True((await WriteAsync(TableWrite.Set(Row("r", ("B", 2), ("C", 2))))).IsDone);

        var row = await GetAsync("r");
        Assert.Equal((1, 2, 2), ((int)row!["A"]!, (int)row["B"]!, (int)row["C"]!));
    }

    [ContractFact]
    public async Task Merges_replaces_and_deletes_only_what_exists()
    {
        await WriteAsync(TableWrite.Insert(Row("other")));

        var notFound = new TableOutcome(TableFault.NotFound, 0);
        Assert.Equal(notFound, await WriteAsync(TableWrite.Merge(Row("r", ("A", 1)))));
        Assert.Equal(notFound, await WriteAsync(TableWrite.Replace(Row("r", ("A", 1)))));
        Assert.Equal(notFound, await WriteAsync(TableWrite.Delete(Partition, "r")));
        Assert.Equal(notFound, await WriteAsync(TableWrite.Merge(Row("r", ("A", 1)), "W/\"1\"")));
        Assert.Null(await GetAsync("r"));
    }

    [ContractFact]
    public async Task Deletes_a_row_which_can_then_be_inserted_again()
    {
        await WriteAsync(TableWrite.Insert(Row("r", ("A", 1))));

        Assert.True((await WriteAsync(TableWrite.Delete(Partition, "r"))).IsDone);

        Assert.Null(await GetAsync("r"));
        Assert.True((await WriteAsync(TableWrite.Insert(Row("r", ("A", 2))))).IsDone);
    }

    [ContractFact]
    public async Task Gives_every_version_of_a_row_an_etag_of_its_own()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await WriteAsync(TableWrite.Insert(Row("r", ("A", 1))));
        Assert.True(seen.Add((await GetAsync("r"))!.ETag!));
        await WriteAsync(TableWrite.Merge(Row("r", ("A", 1))));
        Assert.True(seen.Add((await GetAsync("r"))!.ETag!));
        await WriteAsync(TableWrite.Replace(Row("r", ("A", 1))));
        Assert.True(seen.Add((await GetAsync("r"))!.ETag!));
        await WriteAsync(TableWrite.Upsert(Row("r", ("A", 1))));
        Assert.True(seen.Add((await GetAsync("r"))!.ETag!));
        await WriteAsync(TableWrite.Set(Row("r", ("A", 1))));
        Assert.True(seen.Add((await GetAsync("r"))!.ETag!));
        await WriteAsync(TableWrite.Delete(Partition, "r"));
        await WriteAsync(TableWrite.Insert(Row("r", ("A", 1))));
        Assert.True(seen.Add((await GetAsync("r"))!.ETag!));
    }

    [ContractFact]
    public async Task Writes_to_the_version_that_was_read_and_to_no_other()
    {
        await WriteAsync(TableWrite.Insert(Row("r", ("A", 1))));
        var stale = (await GetAsync("r"))!.ETag;
        Assert.True((await WriteAsync(TableWrite.Merge(Row("r", ("A", 2)), stale))).IsDone);

        var changed = new TableOutcome(TableFault.Changed, 0);
        Assert.Equal(changed, await WriteAsync(TableWrite.Merge(Row("r", ("A", 3)), stale)));
        Assert.Equal(changed, await WriteAsync(TableWrite.Replace(Row("r", ("A", 3)), stale)));
        Assert.Equal(changed, await WriteAsync(TableWrite.Delete(Partition, "r", stale)));

        var row = await GetAsync("r");
        Assert.Equal(2, row!["A"]);
        Assert.True((await WriteAsync(TableWrite.Replace(Row("r", ("A", 4)), row.ETag))).IsDone);
        Assert.True((await WriteAsync(TableWrite.Delete(Partition, "r", (await GetAsync("r"))!.ETag))).IsDone);
    }

    [ContractFact]
    public async Task Takes_the_etag_of_a_scan_as_that_of_a_read()
    {
        await WriteAsync(TableWrite.Insert(Row("r", ("A", 1))));

        var scanned = Assert.Single(await QueryAsync("a", "z"));

        Assert.Equal((await GetAsync("r"))!.ETag, scanned.ETag);
        Assert.True((await WriteAsync(TableWrite.Merge(Row("r", ("A", 2)), scanned.ETag))).IsDone);
    }

    [ContractFact]
    public async Task Lets_one_of_many_claimers_insert()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => WriteAsync(TableWrite.Insert(Row("claim", ("By", i)))))));

        var winner = Assert.Single(Enumerable.Range(0, 16), i => outcomes[i].IsDone);
        Assert.All(outcomes.Where(o => !o.IsDone), o => Assert.Equal(TableFault.AlreadyExists, o.Fault));
        Assert.Equal(winner, (await GetAsync("claim"))!["By"]);
    }

    [ContractFact]
    public async Task Lets_one_of_many_claimers_take_a_version()
    {
        await WriteAsync(TableWrite.Insert(Row("claim", ("By", -1))));
        var etag = (await GetAsync("claim"))!.ETag;

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => WriteAsync(TableWrite.Merge(Row("claim", ("By", i)), etag)))));

        var winner = Assert.Single(Enumerable.Range(0, 16), i => outcomes[i].IsDone);
        Assert.All(outcomes.Where(o => !o.IsDone), o => Assert.Equal(TableFault.Changed, o.Fault));
        Assert.Equal(winner, (await GetAsync("claim"))!["By"]);
    }
}
