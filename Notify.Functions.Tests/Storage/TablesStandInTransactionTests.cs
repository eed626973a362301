using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Azure;
using Azure.Data.Tables;
using Notify.Functions.Tests.StandIns;

namespace Notify.Functions.Tests.Storage;

public sealed class TablesStandInTransactionTests
{
    private const string Row = "http://127.0.0.1:10002/devstoreaccount1/rows(PartitionKey='p',RowKey=";

    private readonly TablesStandInWire _wire = new();

    [StandInsFact]
    public async Task Composes_one_change_set_with_a_request_for_each_write()
    {
        Answers([.. Enumerable.Repeat("HTTP/1.1 204 No Content\r\n\r\n", 3)]);
        await _wire.Table().SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "1") { ["A"] = "Ж" }),
            new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "it's"), new ETag("W/\"1\"")),
            new(TableTransactionActionType.Delete, new TableEntity("p", "3")),
        ]);

        Assert.Equal(("POST", "http://127.0.0.1:10002/devstoreaccount1/$batch"), (_wire.Request.Method, _wire.Request.Uri));
        var batch = Regex.Match(_wire.Request.Headers["Content-Type"], "^multipart/mixed; boundary=(batch_[0-9a-f-]{36})$").Groups[1].Value;
        var changes = Regex.Match(_wire.Request.Body, "boundary=(changeset_[0-9a-f-]{36})\r\n").Groups[1].Value;
        Assert.Equal(
            $$"""
            --{{batch}}
            Content-Type: multipart/mixed; boundary={{changes}}

            --{{changes}}
            Content-Type: application/http
            Content-Transfer-Encoding: binary

            POST http://127.0.0.1:10002/devstoreaccount1/rows HTTP/1.1
            Accept: application/json;odata=minimalmetadata
            DataServiceVersion: 3.0
            Prefer: return-no-content
            Content-Type: application/json
            Content-Length: 42

            {"PartitionKey":"p","RowKey":"1","A":"Ж"}
            --{{changes}}
            Content-Type: application/http
            Content-Transfer-Encoding: binary

            PATCH {{Row}}'it%27%27s') HTTP/1.1
            Accept: application/json;odata=minimalmetadata
            DataServiceVersion: 3.0
            If-Match: W/"1"
            Content-Type: application/json
            Content-Length: 36

            {"PartitionKey":"p","RowKey":"it's"}
            --{{changes}}
            Content-Type: application/http
            Content-Transfer-Encoding: binary

            DELETE {{Row}}'3') HTTP/1.1
            Accept: application/json;odata=minimalmetadata
            DataServiceVersion: 3.0
            If-Match: *


            --{{changes}}--
            --{{batch}}--

            """.ReplaceLineEndings("\r\n"),
            _wire.Request.Body);
    }

    [StandInsTheory]
    [InlineData(TableTransactionActionType.UpdateMerge, "PATCH", "*")]
    [InlineData(TableTransactionActionType.UpdateReplace, "PUT", "*")]
    [InlineData(TableTransactionActionType.UpsertMerge, "PATCH", null)]
    [InlineData(TableTransactionActionType.UpsertReplace, "PUT", null)]
    public async Task Requires_that_a_row_exists_where_it_is_updated_and_not_where_it_is_upserted(TableTransactionActionType type, string method, string? condition)
    {
        Answers("HTTP/1.1 204 No Content\r\n\r\n");
        await _wire.Table().SubmitTransactionAsync([new(type, new TableEntity("p", "r"))]);

        Assert.Contains($"\r\n{method} {Row}'r') HTTP/1.1\r\n", _wire.Request.Body);
        Assert.Equal(condition, Regex.Match(_wire.Request.Body, "If-Match: (.*)\r").Groups is [_, { Success: true } value] ? value.Value : null);
    }

    [StandInsFact]
    public async Task Reads_an_answer_for_each_write()
    {
        Answers("HTTP/1.1 204 No Content\r\nETag: W/\"1\"\r\n\r\n", "HTTP/1.1 204 No Content\r\nETag: W/\"2\"\r\nX-Content-Type-Options: nosniff\r\n\r\n");
        var answer = await _wire.Table().SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "1")),
            new(TableTransactionActionType.Add, new TableEntity("p", "2")),
        ]);

        Assert.Equal(202, answer.GetRawResponse().Status);
        Assert.Equal([204, 204], answer.Value.Select(part => part.Status));
        Assert.Equal([new ETag("W/\"1\""), new ETag("W/\"2\"")], answer.Value.Select(part => part.Headers.ETag!.Value));
    }

    [StandInsFact]
    public async Task Names_the_write_for_which_the_transaction_was_refused()
    {
        Answers("""
            HTTP/1.1 412 Precondition Failed
            Content-Type: application/json;odata=minimalmetadata

            {"odata.error":{"code":"UpdateConditionNotSatisfied","message":{"lang":"en-US","value":"1:The update condition specified in the request was not satisfied.\nRequestId:1\nTime:2"}}}

            """.ReplaceLineEndings("\r\n"));
        var refusal = await RefusedAsync();

        Assert.Equal((412, "UpdateConditionNotSatisfied", 1), (refusal.Status, refusal.ErrorCode, refusal.FailedTransactionActionIndex));
    }

    [StandInsFact]
    public async Task Understands_the_emulator_that_repeats_the_boundary_before_an_error()
    {
        Answers("""
            changesetresponse_1
            HTTP/1.1 400 Bad Request

            {"odata.error":{"code":"InvalidInput","message":{"lang":"en-US","value":"0:The batch request operation exceeds the maximum 100 changes per change set."}}}

            """.ReplaceLineEndings("\r\n"));
        var refusal = await RefusedAsync();

        Assert.Equal((400, "InvalidInput", 0), (refusal.Status, refusal.ErrorCode, refusal.FailedTransactionActionIndex));
    }

    [StandInsFact]
    public async Task Throws_where_the_whole_request_was_refused_without_blaming_a_write()
    {
        _wire.AnswersError(HttpStatusCode.RequestEntityTooLarge, "RequestBodyTooLarge");
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => _wire.Table().SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "1"))]));

        Assert.Equal((413, "RequestBodyTooLarge"), (refusal.Status, refusal.ErrorCode));
    }

    [StandInsFact]
    public async Task Throws_where_an_answer_is_missing()
    {
        Answers("HTTP/1.1 204 No Content\r\n\r\n");
        await Assert.ThrowsAsync<InvalidDataException>(() => _wire.Table().SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "1")),
            new(TableTransactionActionType.Add, new TableEntity("p", "2")),
        ]));
    }

    [StandInsFact]
    public async Task Refuses_an_empty_transaction() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => _wire.Table().SubmitTransactionAsync([]));

    private Task<TableTransactionFailedException> RefusedAsync() => Assert.ThrowsAsync<TableTransactionFailedException>(
        () => _wire.Table().SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "1")),
            new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "2")),
        ]));

    private void Answers(params string[] parts)
    {
        var body = new StringBuilder("--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n");
        foreach (var part in parts)
        {
            body.Append("--changesetresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n").Append(part).Append("\r\n");
        }

        body.Append("--changesetresponse_1--\r\n--batchresponse_1--\r\n");
        _wire.Answers(HttpStatusCode.Accepted, body.ToString(), "multipart/mixed; boundary=batchresponse_1");
    }
}
