using System.Net;
using Azure;
using Azure.Data.Tables;
using Notify.Functions.Tests.StandIns;

namespace Notify.Functions.Tests.Storage;

public sealed class TablesStandInRowTests
{
    private readonly TablesStandInWire _wire = new();

    [StandInsFact]
    public async Task Writes_each_type_as_the_protocol_has_it()
    {
        await _wire.Table().AddEntityAsync(new TableEntity("p", "r")
        {
            ["Text"] = "Привет \"мир\"",
            ["Int"] = 7,
            ["Long"] = 7L,
            ["Double"] = 1.0,
            ["NotANumber"] = double.NaN,
            ["Flag"] = true,
            ["Time"] = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(3)).AddTicks(1234567),
            ["Guid"] = Guid.Parse("f0a03646-e171-403a-ba67-f7cdc50dc5a1"),
            ["Bytes"] = new byte[] { 1, 2, 255 },
            ["Nothing"] = null,
            ["Timestamp"] = DateTimeOffset.UnixEpoch,
            ["odata.etag"] = "W/\"1\"",
        });

        Assert.Equal(
            """{"PartitionKey":"p","RowKey":"r","Text":"Привет \"мир\"","Int":7,"Long@odata.type":"Edm.Int64","Long":"7","""
                + """ "Double@odata.type":"Edm.Double","Double":"1","NotANumber@odata.type":"Edm.Double","NotANumber":"NaN","Flag":true,""".TrimStart()
                + """ "Time@odata.type":"Edm.DateTime","Time":"2026-01-02T00:04:05.1234567Z",""".TrimStart()
                + """ "Guid@odata.type":"Edm.Guid","Guid":"f0a03646-e171-403a-ba67-f7cdc50dc5a1","Bytes@odata.type":"Edm.Binary","Bytes":"AQL/"}""".TrimStart(),
            _wire.Request.Body);
    }

    [StandInsFact]
    public async Task Reads_each_type_as_the_protocol_has_it()
    {
        _wire.Answers(HttpStatusCode.OK, """
            {"odata.metadata":"m","odata.etag":"W/\"1\"","PartitionKey":"p","RowKey":"r","Timestamp":"2026-01-02T03:04:05.1234567Z",
             "Text":"2026-01-02","Int":7,"Long@odata.type":"Edm.Int64","Long":"7","Double":1.0,"Whole@odata.type":"Edm.Double","Whole":"1",
             "NotANumber@odata.type":"Edm.Double","NotANumber":"NaN","Flag":true,"Time@odata.type":"Edm.DateTime","Time":"2026-01-02T03:04:05Z",
             "Guid@odata.type":"Edm.Guid","Guid":"f0a03646-e171-403a-ba67-f7cdc50dc5a1","Bytes@odata.type":"Edm.Binary","Bytes":"AQL/"}
            """);
        var row = (await _wire.Table().GetEntityIfExistsAsync<TableEntity>("p", "r")).Value!;

        Assert.Equal(("p", "r", new ETag("W/\"1\"")), (row.PartitionKey, row.RowKey, row.ETag));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567), row.Timestamp);
        Assert.Equal("2026-01-02", row.GetString("Text"));
        Assert.Equal(7, row.GetInt32("Int"));
        Assert.Equal(7L, row.GetInt64("Long"));
        Assert.Equal(1.0, row.GetDouble("Double"));
        Assert.Equal(1.0, row.GetDouble("Whole"));
        Assert.Equal(double.NaN, row.GetDouble("NotANumber"));
        Assert.True(row.GetBoolean("Flag"));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), row.GetDateTimeOffset("Time"));
        Assert.Equal(Guid.Parse("f0a03646-e171-403a-ba67-f7cdc50dc5a1"), row.GetGuid("Guid"));
        Assert.Equal([1, 2, 255], row.GetBinary("Bytes"));
        Assert.Null(row.GetString("Absent"));
        Assert.Throws<InvalidOperationException>(() => row.GetInt64("Text"));
        Assert.DoesNotContain("odata.metadata", row.Keys);
        Assert.DoesNotContain("Long@odata.type", row.Keys);
    }

    [StandInsFact]
    public async Task Refuses_to_write_a_type_that_tables_do_not_have()
    {
        var refusal = await Assert.ThrowsAsync<NotSupportedException>(() => _wire.Table().AddEntityAsync(new TableEntity("p", "r") { ["Price"] = 1m }));

        Assert.Contains("Price", refusal.Message);
        Assert.Empty(_wire.Requests);
    }

    [StandInsTheory]
    [InlineData(TableUpdateMode.Merge, "PATCH")]
    [InlineData(TableUpdateMode.Replace, "PUT")]
    public async Task Updates_at_a_version_and_upserts_at_none(TableUpdateMode mode, string method)
    {
        var table = _wire.Table();
        await table.UpdateEntityAsync(new TableEntity("p", "r"), new ETag("W/\"1\""), mode);
        await table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All, mode);
        await table.UpsertEntityAsync(new TableEntity("p", "r"), mode);

        Assert.All(_wire.Requests, request => Assert.Equal(method, request.Method));
        Assert.Equal(["W/\"1\"", "*", null], _wire.Requests.Select(request => request.Headers.GetValueOrDefault("If-Match")));
    }

    [StandInsFact]
    public async Task Refuses_to_update_at_no_version() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _wire.Table().UpdateEntityAsync(new TableEntity("p", "r"), default));

    [StandInsFact]
    public async Task Deletes_any_version_by_default_and_takes_an_absent_row_for_deleted()
    {
        _wire.AnswersError(HttpStatusCode.NotFound, "ResourceNotFound");
        var answer = await _wire.Table().DeleteEntityAsync("p", "r");

        Assert.Equal(404, answer.Status);
        Assert.Equal(("DELETE", "*"), (_wire.Request.Method, _wire.Request.Headers["If-Match"]));
    }

    [StandInsFact]
    public async Task Says_that_there_is_no_such_row()
    {
        _wire.AnswersError(HttpStatusCode.NotFound, "ResourceNotFound");
        var answer = await _wire.Table().GetEntityIfExistsAsync<TableEntity>("p", "r", ["Text", "Int"]);

        Assert.False(answer.HasValue);
        Assert.Equal("http://127.0.0.1:10002/devstoreaccount1/rows(PartitionKey='p',RowKey='r')?$select=Text%2CInt", _wire.Request.Uri);
    }
}
