using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Infrastructure.Storage;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Host;

/// <summary>
/// Creates the service's queues and tables when the app starts, beside its work. Safe to repeat, and from several apps at once.
/// </summary>
/// <remarks>
/// Without it they would come into being on first use, and until then the Functions host warns of every poll of a queue that does not
/// exist. A start costs two requests where nothing is missing.
/// </remarks>
internal sealed partial class AzureStorageSetup(
    StorageConnection storage, StorageNames names, TransientFaultRetry retry, ILogger<AzureStorageSetup> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var created = await retry.RunAsync(CreateAsync, stoppingToken);
            if (created > 0)
            {
                Created(created);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The app stops.
        }
        catch (Exception fault)
        {
            NotCreated(fault);
        }
    }

    /// <summary>Creates what is missing, and returns how many queues and tables that were.</summary>
    internal async Task<int> CreateAsync(CancellationToken cancellationToken)
    {
        var (queues, tables) = (storage.Queues(AzureQueues.Options()), storage.Tables(AzureTables.Options()));
        var existing = await queues.GetQueuesAsync(prefix: StorageNames.QueuePrefix, cancellationToken: cancellationToken)
            .Select(queue => queue.Name).Concat(tables.QueryAsync(cancellationToken: cancellationToken).Select(table => table.Name))
            .ToHashSetAsync(StringComparer.OrdinalIgnoreCase, cancellationToken);
        Func<string, Task> createQueue = name => queues.GetQueueClient(name).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        Func<string, Task> createTable = name => tables.CreateTableIfNotExistsAsync(name, cancellationToken);
        Task[] created =
        [
            .. names.Queues.Where(name => !existing.Contains(name)).Select(createQueue),
            .. names.Tables.Where(name => !existing.Contains(name)).Select(createTable),
        ];
        await Task.WhenAll(created);
        return created.Length;
    }

    [LoggerMessage(EventId = 9701, Level = LogLevel.Information, Message = "Created {count} queues and tables")]
    private partial void Created(int count);

    [LoggerMessage(EventId = 9702, Level = LogLevel.Warning,
        Message = "Queues and tables were not created at start; each is created on first use")]
    private partial void NotCreated(Exception fault);
}
