using System.Net;
using Azure;
using Azure.Data.Tables;
using Notify.Functions.Tests.StandIns;

namespace Notify.Functions.Tests.Storage;

public sealed class TablesStandInQueryTests
{
    private readonly TablesStandInWire _wire = new();

    [StandInsFact]
    public void Quotes_and_escapes_the_values_of_a_filter()
    {
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(3));
        var filter = TableClient.CreateQueryFilter(
            $"A eq {"it's"} and B eq {7} and C eq {7L} and D eq {1.0} and E eq {true} and F lt {time} and G eq {Guid.Empty} and H eq {new byte[] { 1, 255 }} and I eq {0.5}");

        Assert.Equal(
            "A eq 'it''s' and B eq 7 and C eq 7L and D eq 1.0 and E eq true and F lt datetime'2026-01-02T00:04:05.0000000Z'"
                + " and G eq guid'00000000-0000-0000-0000-000000000000' and H eq X'01FF' and I eq 0.5",
            filter);
    }

    [StandInsFact]
    public async Task Follows_the_pages_to_the_last_even_where_one_is_empty()
    {
        _wire
            .Answers(HttpStatusCode.OK, """{"value":[{"RowKey":"1"},{"RowKey":"2"}]}""", headers: [("x-ms-continuation-NextPartitionKey", "1!4!cA--"), ("x-ms-continuation-NextRowKey", "1!4!Mg--")])
            .Answers(HttpStatusCode.OK, """{"value":[]}""", headers: [("x-ms-continuation-NextPartitionKey", "1!4!cB==")])
            .Answers(HttpStatusCode.OK, """{"value":[{"RowKey":"3"}]}""");
        var keys = new List<string>();
        await foreach (var row in _wire.Table().QueryAsync<TableEntity>("RowKey ge '1'", maxPerPage: 2, select: ["RowKey", "A"]))
        {
            keys.Add(row.RowKey);
        }

        const string FirstPage = "http://127.0.0.1:10002/devstoreaccount1/rows()?$filter=RowKey%20ge%20%271%27&$top=2&$select=RowKey%2CA";
        Assert.Equal(["1", "2", "3"], keys);
        Assert.Equal(
            [FirstPage, FirstPage + "&NextPartitionKey=1%214%21cA--&NextRowKey=1%214%21Mg--", FirstPage + "&NextPartitionKey=1%214%21cB%3D%3D"],
            _wire.Requests.Select(request => request.Uri));
    }

    [StandInsFact]
    public async Task Begins_where_an_earlier_reader_stopped()
    {
        _wire
            .Answers(HttpStatusCode.OK, """{"value":[]}""", headers: [("x-ms-continuation-NextPartitionKey", "p"), ("x-ms-continuation-NextRowKey", "r")])
            .Answers(HttpStatusCode.OK, """{"value":[]}""");
        var first = await FirstPageAsync(continuation: null);
        var last = await FirstPageAsync(first.ContinuationToken);

        Assert.Null(last.ContinuationToken);
        Assert.EndsWith("?$top=5&NextPartitionKey=p&NextRowKey=r", _wire.Requests[1].Uri);
    }

    [StandInsFact]
    public async Task Sends_nothing_until_somebody_reads_and_stops_when_told()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        var rows = _wire.Table().QueryAsync<TableEntity>(cancellationToken: source.Token);

        Assert.Empty(_wire.Requests);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in rows)
            {
            }
        });
    }

    private async Task<Page<TableEntity>> FirstPageAsync(string? continuation)
    {
        await foreach (var page in _wire.Table().QueryAsync<TableEntity>().AsPages(continuation, pageSizeHint: 5))
        {
            return page;
        }

        throw new InvalidOperationException("There is always a page.");
    }
}
