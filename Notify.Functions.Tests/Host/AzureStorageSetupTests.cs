using Microsoft.Extensions.Logging.Abstractions;
using Notify.Functions.Host;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Infrastructure.Storage;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Tests.Backends;
using Notify.LocalHost.Backends;

namespace Notify.Functions.Tests.Host;

/// <summary>Queues and tables are there when the app has started, whoever else starts.</summary>
public sealed class AzureStorageSetupTests : IAsyncLifetime
{
    private static readonly StorageNames Names = new(["notify-one", "notify-one-poison", "notify-two"], ["setupone", "setuptwo"]);
    private readonly BackendProcesses _processes = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _processes.DisposeAsync();

    [SkippableFact]
    public async Task Creates_what_is_missing_and_nothing_twice()
    {
        var storage = await StorageAsync();
        await storage.Queues(AzureQueues.Options()).CreateQueueAsync("notify-two");

        Assert.Equal(4, await Setup(storage).CreateAsync(CancellationToken.None));
        Assert.Equal(0, await Setup(storage).CreateAsync(CancellationToken.None));

        var queues = await storage.Queues(AzureQueues.Options()).GetQueuesAsync().Select(queue => queue.Name).ToListAsync();
        var tables = await storage.Tables(AzureTables.Options()).QueryAsync().Select(table => table.Name).ToListAsync();
        Assert.Equal(Names.Queues, queues.Order(StringComparer.Ordinal));
        Assert.Equal(Names.Tables, tables.Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task Several_apps_may_start_at_once()
    {
        var storage = await StorageAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Setup(storage).CreateAsync(CancellationToken.None)));

        Assert.Equal(0, await Setup(storage).CreateAsync(CancellationToken.None));
    }

    private static AzureStorageSetup Setup(StorageConnection storage) =>
        new(storage, Names, new TransientFaultRetry(TimeProvider.System, NullLogger<TransientFaultRetry>.Instance),
            NullLogger<AzureStorageSetup>.Instance);

    private async Task<StorageConnection> StorageAsync() =>
        new StorageClient((await RealBackends.OrSkipAsync(() =>
            _processes.StartStorageAsync(CancellationToken.None, inMemory: true))).Address).Connection;
}
