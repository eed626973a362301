using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Notify.Functions.Infrastructure.Storage;

namespace Notify.Functions.Infrastructure.Tables;

/// <summary>Tables of Azure Table Storage.</summary>
/// <remarks>A table is made when the service says that it is not there, and the write is done again: it was refused, so nothing was
/// done.</remarks>
internal sealed class AzureTables(StorageConnection storage) : ITables
{
    // The service's own limit.
    private const int LargestPage = 1000;

    private readonly TableServiceClient _service = storage.Tables(Options());
    private readonly ConcurrentDictionary<string, TableClient> _tables = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public async Task<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken)
    {
        TableLimits.CheckKey(partition, nameof(partition));
        TableLimits.CheckKey(row, nameof(row));
        var found = await Table(table).GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken);
        return found.HasValue ? found.Value!.ToRow() : null;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TableRow> QueryAsync(
        string table, string partition, string from, string to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var entities = Table(table).QueryAsync<TableEntity>(Range(partition, from, to), cancellationToken: cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await HasNextAsync(entities))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entities.Current.ToRow();
        }
    }

    /// <inheritdoc/>
    public async Task<int> CountAsync(string table, string partition, string from, string to, int most, CancellationToken cancellationToken)
    {
        var count = 0;
        var keys = Table(table).QueryAsync<TableEntity>(Range(partition, from, to), maxPerPage: Math.Min(most, LargestPage),
            select: ["RowKey"], cancellationToken);
        await using var entities = keys.GetAsyncEnumerator(cancellationToken);
        while (count < most && await HasNextAsync(entities))
        {
            count++;
        }
        return count;
    }

    /// <inheritdoc/>
    public async Task<TableOutcome> WriteAsync(string table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        TableLimits.CheckWrites(writes);
        var client = Table(table);
        try
        {
            return await WriteAsync(client, writes, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            await client.CreateIfNotExistsAsync(cancellationToken);
            return await WriteAsync(client, writes, cancellationToken);
        }
    }

    /// <summary>Settings of a client of the table service.</summary>
    public static TableClientOptions Options()
    {
        var options = new TableClientOptions { RetryPolicy = new AzureTableRetries() };
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(15);
        return options;
    }

    private static string Range(string partition, string from, string to) =>
        $"PartitionKey eq {Quoted(partition)} and RowKey ge {Quoted(from)} and RowKey lt {Quoted(to)}";

    private static string Quoted(string key) => $"'{key.Replace("'", "''", StringComparison.Ordinal)}'";

    private static async ValueTask<bool> HasNextAsync(IAsyncEnumerator<TableEntity> entities)
    {
        try
        {
            return await entities.MoveNextAsync();
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            return false;
        }
    }

    private static async Task<TableOutcome> WriteAsync(
        TableClient table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        try
        {
            return writes.Count == 1
                ? await WriteAsync(table, writes[0], cancellationToken)
                : await TransactAsync(table, writes, cancellationToken);
        }
        catch (RequestFailedException e) when (AzureTableFaults.Classify(e) is { } fault)
        {
            return new TableOutcome(fault, AzureTableFaults.IndexOf(e, writes.Count));
        }
        catch (RequestFailedException e) when (e.Status is 400 or 413)
        {
            throw new ArgumentException($"The table service refuses the write: {e.ErrorCode}.", nameof(writes), e);
        }
    }

    private static async Task<TableOutcome> TransactAsync(
        TableClient table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        await table.SubmitTransactionAsync(writes.Select(AzureTableRows.ToAction), cancellationToken);
        return TableOutcome.Done;
    }

    private static async Task<TableOutcome> WriteAsync(TableClient table, TableWrite write, CancellationToken cancellationToken)
    {
        var answer = write.Kind switch
        {
            TableWriteKind.Insert => await table.AddEntityAsync(write.Row.ToEntity(), cancellationToken),
            TableWriteKind.Merge => await table.UpdateEntityAsync(write.Row.ToEntity(), write.Version(), TableUpdateMode.Merge,
                cancellationToken),
            TableWriteKind.Replace => await table.UpdateEntityAsync(write.Row.ToEntity(), write.Version(), TableUpdateMode.Replace,
                cancellationToken),
            TableWriteKind.Upsert => await table.UpsertEntityAsync(write.Row.ToEntity(), TableUpdateMode.Replace, cancellationToken),
            TableWriteKind.Set => await table.UpsertEntityAsync(write.Row.ToEntity(), TableUpdateMode.Merge, cancellationToken),
            TableWriteKind.Delete => await table.DeleteEntityAsync(write.Row.Partition, write.Row.Key, write.Version(), cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(write), write.Kind, "Not a kind of write."),
        };

        // The client takes it for success to find nothing to delete.
        return answer.Status == 404 ? new TableOutcome(TableFault.NotFound, 0) : TableOutcome.Done;
    }

    private TableClient Table(string name) => _tables.GetOrAdd(name, _service.GetTableClient);
}
