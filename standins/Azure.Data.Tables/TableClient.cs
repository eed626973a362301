using System.Globalization;
using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>One table. Whatever the service refuses is thrown as <see cref="RequestFailedException"/> with its code.</summary>
public class TableClient
{
    private readonly TablesService _service;
    private readonly string _table;

    internal TableClient(TablesService service, string table) => (_service, _table) = (service, table);

    /// <summary>For tests that override the methods.</summary>
    protected TableClient() => (_service, _table) = (null!, null!);

    /// <summary>Writes a filter with its values quoted and escaped.</summary>
    public static string CreateQueryFilter(FormattableString filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return string.Format(CultureInfo.InvariantCulture, filter.Format, [.. filter.GetArguments().Select(ODataLiteral.Of)]);
    }

    /// <summary>Creates the table; one that is there is no fault.</summary>
    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
    {
        var body = EntityWriter.Write(new TableEntity { ["TableName"] = _table });
        using var message = _service.Message(RequestMethod.Post, TablePaths.Tables, body);
        message.Request.Headers.Add("Prefer", "return-no-content");
        var response = await _service.SendAsync(message, cancellationToken, 201, 204, 409);
        if (response.Status == 409 && new RequestFailedException(response) is var refusal && refusal.ErrorCode != TableErrorCode.TableAlreadyExists)
        {
            throw refusal;
        }

        return Response.FromValue(new TableItem(_table), response);
    }

    /// <summary>Deletes the table; one that is not there is no fault.</summary>
    public virtual async Task<Response> DeleteAsync(CancellationToken cancellationToken = default)
    {
        using var message = _service.Message(RequestMethod.Delete, TablePaths.Table(_table));
        return await _service.SendAsync(message, cancellationToken, 204, 404);
    }

    /// <summary>Adds a row that must not exist.</summary>
    public virtual async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        using var message = _service.Message(RequestMethod.Post, _table, EntityWriter.Write(entity));
        message.Request.Headers.Add("Prefer", "return-no-content");
        return await _service.SendAsync(message, cancellationToken, 201, 204);
    }

    /// <summary>Reads a row, or says that there is none.</summary>
    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var query = select is null ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["$select"] = string.Join(',', select) };
        using var message = _service.Message(RequestMethod.Get, TablePaths.Row(_table, partitionKey, rowKey), query);
        var response = await _service.SendAsync(message, cancellationToken, 200, 404);
        return response.Status == 404 ? new NoRow<T>(response) : Response.FromValue(EntityReader.Read<T>(response), response);
    }

    /// <summary>Updates a row that must exist at this version; <see cref="ETag.All"/> is any.</summary>
    public virtual Task<Response> UpdateEntityAsync<T>(T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        if (ifMatch == default)
        {
            throw new ArgumentException("Value cannot be empty.", nameof(ifMatch));
        }

        return PutAsync(entity, mode, ifMatch, cancellationToken);
    }

    /// <summary>Updates a row, or adds it.</summary>
    public virtual Task<Response> UpsertEntityAsync<T>(T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity => PutAsync(entity, mode, ifMatch: null, cancellationToken);

    /// <summary>Deletes a row at this version, by default any; one that is not there is no fault.</summary>
    public virtual async Task<Response> DeleteEntityAsync(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        using var message = _service.Message(RequestMethod.Delete, TablePaths.Row(_table, partitionKey, rowKey));
        message.Request.Headers.Add(HttpHeader.Names.IfMatch, (ifMatch == default ? ETag.All : ifMatch).ToString("H"));
        return await _service.SendAsync(message, cancellationToken, 204, 404);
    }

    /// <summary>Streams the rows that a filter lets through, in the order of their keys.</summary>
    public virtual AsyncPageable<T> QueryAsync<T>(string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        new EntityPages<T>(_service, _table, filter, maxPerPage, select is null ? null : string.Join(',', select), cancellationToken);

    /// <summary>Does all the writes or none; all must be of one partition, and each of another row.</summary>
    /// <exception cref="TableTransactionFailedException">None was done, because of one of them.</exception>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        var actions = transactionActions.ToList();
        if (actions.Count == 0)
        {
            throw new InvalidOperationException("A transaction needs at least one write.");
        }

        var batch = new Batch(_service.Endpoint, _table);
        using var message = _service.Message(RequestMethod.Post, TablePaths.Batch);
        message.Request.Content = RequestContent.Create(batch.Write(actions));
        message.Request.Headers.SetValue(HttpHeader.Names.ContentType, batch.ContentType);
        var response = await _service.SendAsync(message, cancellationToken, 202);
        var answers = await BatchAnswer.ReadAsync(response, cancellationToken);
        if (answers.FirstOrDefault(answer => answer.IsError) is { } refusal)
        {
            throw new TableTransactionFailedException(new RequestFailedException(refusal, innerException: null, TablesErrorParser.Instance));
        }

        return answers.Count == actions.Count
            ? Response.FromValue(answers, response)
            : throw new InvalidDataException($"The service answered {answers.Count} of a transaction's {actions.Count} writes.");
    }

    private async Task<Response> PutAsync(ITableEntity entity, TableUpdateMode mode, ETag? ifMatch, CancellationToken cancellationToken)
    {
        var method = mode == TableUpdateMode.Merge ? RequestMethod.Patch : RequestMethod.Put;
        using var message = _service.Message(method, TablePaths.Row(_table, entity.PartitionKey, entity.RowKey), EntityWriter.Write(entity));
        if (ifMatch is { } etag)
        {
            message.Request.Headers.Add(HttpHeader.Names.IfMatch, etag.ToString("H"));
        }

        return await _service.SendAsync(message, cancellationToken, 204);
    }
}
