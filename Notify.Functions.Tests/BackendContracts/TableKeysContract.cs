using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>Keys and limits: what is taken, and what is refused alike everywhere.</summary>
public abstract class TableKeysContract : TablesContract
{
    [ContractTheory]
    [InlineData("ключ")]
    [InlineData("日本語 🎉 e\u0301")]
    [InlineData("it's 'quoted' \"twice\"")]
    [InlineData("100% & more + less = ~ ! @ $ ^ * ( ) [ ] { } | : ; , . < > `")]
    [InlineData("%2F%20+%25")]
    [InlineData("!i|2026-03-04T12:00:00Z|0123|e|")]
    [InlineData(" spaces around ")]
    public async Task Takes_a_key_of_any_other_character(string key)
    {
        var row = new TableRow(key, key) { ["A"] = key };
        Assert.True((await WriteAsync(TableWrite.Insert(row))).IsDone);
        Assert.Equal(new TableOutcome(TableFault.AlreadyExists, 0), await WriteAsync(TableWrite.Insert(row)));

        var got = await Tables.GetAsync(Table, key, key, CancellationToken.None);
        Assert.Equal((key, key, key), (got!.Partition, got.Key, got.Text("A")!));
        Assert.Equal(key, Assert.Single(await QueryAsync(key, key + "\u0001", key)).Key);
        Assert.True((await WriteAsync(TableWrite.Merge(row, got.ETag), TableWrite.Insert(new TableRow(key, key + "2")))).IsDone);
        Assert.True((await WriteAsync(TableWrite.Delete(key, key))).IsDone);
        Assert.Null(await Tables.GetAsync(Table, key, key, CancellationToken.None));
    }

    [ContractTheory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\tb")]
    [InlineData("a\nb")]
    [InlineData("a\u0000b")]
    [InlineData("a\u007fb")]
    [InlineData("a\u0085b")]
    public async Task Refuses_a_key_that_the_service_cannot_hold(string key)
    {
        await RefusesAsync(TableWrite.Insert(Row(key)));
        await RefusesAsync(TableWrite.Insert(new TableRow(key, "r")));
        await RefusesAsync(TableWrite.Insert(Row("fine")), TableWrite.Upsert(Row(key)));
        await RefusesAsync(TableWrite.Merge(Row(key)));
        await RefusesAsync(TableWrite.Delete(Partition, key));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => GetAsync(key));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Tables.GetAsync(Table, key, "r", CancellationToken.None));
        Assert.Null(await GetAsync("fine"));
    }

    [ContractFact]
    public async Task Takes_keys_of_512_characters_and_no_more()
    {
        var longest = new string('k', 512);
        Assert.True((await WriteAsync(TableWrite.Insert(new TableRow(longest, longest)))).IsDone);
        Assert.NotNull(await Tables.GetAsync(Table, longest, longest, CancellationToken.None));

        await RefusesAsync(TableWrite.Insert(Row(longest + "k")));
        await RefusesAsync(TableWrite.Insert(new TableRow(longest + "k", "r")));
    }

    [ContractFact]
    public async Task Takes_text_of_32768_characters_and_no_more()
    {
        var longest = new string('я', 32_768);
        Assert.True((await WriteAsync(TableWrite.Insert(Row("r", ("Text", longest))))).IsDone);
        Assert.Equal(longest, (await GetAsync("r"))!.Text("Text"));

        await RefusesAsync(TableWrite.Insert(Row("s", ("Text", longest + "я"))));
    }

    [ContractFact]
    public async Task Takes_65536_bytes_and_no_more()
    {
        var longest = new byte[65_536];
        longest[^1] = 7;
        Assert.True((await WriteAsync(TableWrite.Insert(Row("r", ("Bytes", longest))))).IsDone);
        Assert.Equal(longest, (await GetAsync("r"))!.Bytes("Bytes"));

        await RefusesAsync(TableWrite.Insert(Row("s", ("Bytes", new byte[65_537]))));
    }

    [ContractFact]
    public async Task Takes_a_row_of_just_under_a_mebibyte_and_none_above()
    {
        var piece = new byte[65_536];
        var row = Row("r", [.. Enumerable.Range(0, 15).Select(i => ($"P{i}", (object)piece))]);
        Assert.True((await WriteAsync(TableWrite.Insert(row))).IsDone);

        row["P15"] = piece;
        await RefusesAsync(TableWrite.Upsert(row));
    }

    [ContractFact]
    public async Task Refuses_what_is_no_transaction()
    {
        await RefusesAsync();
        await RefusesAsync([.. Enumerable.Range(0, 101).Select(i => TableWrite.Insert(Row($"r{i:D3}")))]);
        await RefusesAsync(TableWrite.Insert(Row("r")), TableWrite.Insert(new TableRow("other", "r")));
        await RefusesAsync(TableWrite.Insert(Row("r")), TableWrite.Merge(Row("r", ("A", 1))));
        var bytes = new byte[60 * 1024];
        await RefusesAsync([.. Enumerable.Range(0, 100).Select(i => TableWrite.Insert(Row($"r{i:D3}", ("Bytes", bytes))))]);
        Assert.Empty(await QueryAsync("a", "z"));
    }

    [ContractFact]
    public async Task Refuses_a_value_of_another_type()
    {
        await RefusesAsync(TableWrite.Insert(Row("r", ("Price", 1.5m))));
        await RefusesAsync(TableWrite.Insert(Row("r", ("Day", new DateOnly(2026, 3, 4)))));
        await RefusesAsync(TableWrite.Insert(Row("r", ("not a name", 1))));
    }

    private Task RefusesAsync(params TableWrite[] writes) => Assert.ThrowsAnyAsync<ArgumentException>(() => WriteAsync(writes));
}
