using Notify.Bench.World;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Infrastructure.Tables;
using Notify.LocalHost.Backends;
using Notify.LocalHost.Runtime.Queues;

namespace Notify.Functions.Tests.Backends;

/// <summary>What tables and queues do while Azure Storage is away, and afterwards.</summary>
public sealed class StorageFaultTests : IAsyncLifetime
{
    private const string Table = "faults";
    private const string Queue = "faults";
    private readonly BackendProcesses _processes = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _processes.DisposeAsync();

    [SkippableFact]
    public async Task Throws_a_fault_of_the_infrastructure_while_storage_is_stopped_and_loses_nothing()
    {
        var server = await RealBackends.OrSkipAsync(() => _processes.StartStorageAsync(CancellationToken.None));
        var client = new StorageClient(server.Address);
        Assert.True((await InsertAsync(client, "before")).IsDone);
        await SendAsync(client, "before");

        await server.StopAsync();
        await FailsAsync(() => InsertAsync(client, "during"));
        await FailsAsync(() => GetAsync(client, "before"));
        await FailsAsync(() => SendAsync(client, "during"));
        await FailsAsync(() => ReceiveAsync(client));
        await server.StartAsync(CancellationToken.None);

        await Eventually.SucceedsAsync(() => InsertAsync(client, "after"));
        Assert.NotNull(await GetAsync(client, "before"));
        Assert.Null(await GetAsync(client, "during"));
        await Eventually.SucceedsAsync(() => SendAsync(client, "after"));
        Assert.Equal(["before", "after"],
            (await ReceiveAsync(client)).Select(lease => System.Text.Encoding.UTF8.GetString(lease.Body!.Value.Span)));
    }

    [SkippableFact]
    public async Task Makes_tables_and_queues_again_that_somebody_has_deleted()
    {
        var server = await RealBackends.StorageAsync();
        var client = new StorageClient(server.Address);
        var table = $"gone{Guid.NewGuid():N}";
        var queue = $"gone-{Guid.NewGuid():N}";
        await client.Tables.WriteAsync(table, [TableWrite.Upsert(new TableRow("p", "r"))], CancellationToken.None);
        await client.Queues.SendAsync(queue, "m", TimeSpan.Zero, CancellationToken.None);

        await new Azure.Data.Tables.TableServiceClient(server.Address).GetTableClient(table).DeleteAsync();
        await new Azure.Storage.Queues.QueueServiceClient(server.Address).DeleteQueueAsync(queue);

        Assert.Null(await client.Tables.GetAsync(table, "p", "r", CancellationToken.None));
        var writes = new[] { TableWrite.Insert(new TableRow("p", "a")), TableWrite.Insert(new TableRow("p", "b")) };
        Assert.True((await client.Tables.WriteAsync(table, writes, CancellationToken.None)).IsDone);
        await client.Queues.SendAsync(queue, "m", TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(1, await client.Queues.CountAsync(queue, CancellationToken.None));
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Does_not_take_its_own_write_for_another_s_when_the_answer_is_lost(int rows)
    {
        var server = await RealBackends.StorageAsync();
        var client = new StorageClient(server.Address);
        var table = $"lost{Guid.NewGuid():N}";
        await client.Tables.WriteAsync(table, [TableWrite.Upsert(new TableRow("p", "other"))], CancellationToken.None);
        await using var proxy = TcpProxy.Before(server.TableAddress);
        var behind = new StorageClient(server.Address.Replace(server.TableAddress, proxy.Address, StringComparison.Ordinal));
        TableWrite[] writes = [.. Enumerable.Range(0, rows).Select(i => TableWrite.Insert(new TableRow("p", $"r{i}")))];

        proxy.LosesAnswers = true;
        await FailsAsync(() => behind.Tables.WriteAsync(table, writes, CancellationToken.None));

        Assert.NotNull(await client.Tables.GetAsync(table, "p", "r0", CancellationToken.None));
        proxy.LosesAnswers = false;
        Assert.Equal(new TableOutcome(TableFault.AlreadyExists, 0), await behind.Tables.WriteAsync(table, writes, CancellationToken.None));
    }

    private static async Task FailsAsync(Func<Task> action)
    {
        var fault = await Assert.ThrowsAnyAsync<Exception>(action);
        Assert.True(TransientFaults.IsFault(fault), fault.ToString());
    }

    private static Task<TableOutcome> InsertAsync(StorageClient client, string key) =>
        client.Tables.WriteAsync(Table, [TableWrite.Insert(new TableRow("p", key))], CancellationToken.None);

    private static Task<TableRow?> GetAsync(StorageClient client, string key) =>
        client.Tables.GetAsync(Table, "p", key, CancellationToken.None);

    private static Task SendAsync(StorageClient client, string message) =>
        client.Queues.SendAsync(Queue, message, TimeSpan.Zero, CancellationToken.None);

    private static Task<IReadOnlyList<QueueLease>> ReceiveAsync(StorageClient client) =>
        client.Source.ReceiveAsync(Queue, 32, TimeSpan.FromMinutes(1), CancellationToken.None);
}
