using System.Net;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Notify.Functions.Tests.StandIns;

namespace Notify.Functions.Tests.Storage;

public sealed class TablesStandInFaultTests
{
    private readonly TablesStandInWire _wire = new();

    [StandInsFact]
    public async Task Throws_what_the_service_refuses_with_its_status_and_code()
    {
        _wire.AnswersError(HttpStatusCode.Conflict, "EntityAlreadyExists", "The specified entity already exists.");
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => _wire.Table().AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal(409, refusal.Status);
        Assert.True(refusal.ErrorCode! == TableErrorCode.EntityAlreadyExists);
        Assert.StartsWith("The specified entity already exists.", refusal.Message);
    }

    [StandInsFact]
    public async Task Throws_an_answer_that_is_not_the_services_with_its_status()
    {
        _wire.Answers(HttpStatusCode.Forbidden, "<html>No.</html>", "text/html");
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => _wire.Table().AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal((403, null), (refusal.Status, refusal.ErrorCode));
    }

    [StandInsFact]
    public async Task Creates_a_table_and_takes_one_that_is_there_for_created()
    {
        _wire.AnswersError(HttpStatusCode.Conflict, "TableAlreadyExists");
        var answer = await _wire.Table().CreateIfNotExistsAsync();

        Assert.Equal("rows", answer.Value.Name);
        Assert.Equal(("POST", "http://127.0.0.1:10002/devstoreaccount1/Tables", """{"TableName":"rows"}"""), (_wire.Request.Method, _wire.Request.Uri, _wire.Request.Body));
    }

    [StandInsFact]
    public async Task Throws_where_the_table_of_that_name_is_still_being_deleted()
    {
        _wire.AnswersError(HttpStatusCode.Conflict, "TableBeingDeleted");
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => _wire.Table().CreateIfNotExistsAsync());

        Assert.Equal("TableBeingDeleted", refusal.ErrorCode);
    }

    [StandInsFact]
    public async Task Deletes_a_table()
    {
        await _wire.Table().DeleteAsync();

        Assert.Equal(("DELETE", "http://127.0.0.1:10002/devstoreaccount1/Tables('rows')"), (_wire.Request.Method, _wire.Request.Uri));
    }
}
