using Notify.Bench.World;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Backends;

namespace Notify.Functions.Tests.Backends;

/// <summary>What the cache does while Redis is away, and afterwards.</summary>
public sealed class RedisFaultTests : IAsyncLifetime
{

    // The limit, and what a busy machine adds.

    private readonly BackendProcesses _processes = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _processes.DisposeAsync();

    [SkippableFact]
    public async Task Fails_soon_while_Redis_is_stopped_and_recovers_by_itself()
    {
        var server = await RealBackends.OrSkipAsync(() => _processes.StartRedisAsync(CancellationToken.None));
        using var client = new RedisClient(server.Address);
        var cache = new RedisDedupCache(client.Connection, TimeProvider.System);
        await WorksAsync(cache);

        await server.StopAsync();
        for (var i = 0; i < 3; i++)
        {
            await FailsSoonAsync(cache);
        }
        await server.StartAsync(CancellationToken.None);

        await WorksAsync(cache);
    }

    [SkippableFact]
    public async Task Needs_no_Redis_to_start_with()
    {
        var server = await RealBackends.OrSkipAsync(() => _processes.StartRedisAsync(CancellationToken.None));
        await server.StopAsync();
        using var client = new RedisClient(server.Address);
        var cache = new RedisDedupCache(client.Connection, TimeProvider.System);
        await FailsSoonAsync(cache);
        await FailsSoonAsync(cache);

        await server.StartAsync(CancellationToken.None);

        await WorksAsync(cache);
    }

    [SkippableFact]
    public async Task Fails_soon_while_Redis_hangs_and_goes_on_when_it_does()
    {
        var server = await RealBackends.OrSkipAsync(() => _processes.StartRedisAsync(CancellationToken.None));
        using var client = new RedisClient(server.Address);
        var cache = new RedisDedupCache(client.Connection, TimeProvider.System);
        await WorksAsync(cache);

        await server.FreezeAsync();
        await FailsSoonAsync(cache);
        await FailsSoonAsync(cache);
        await server.ThawAsync();

        await WorksAsync(cache);
    }

    [SkippableFact]
    public async Task Replaces_a_connection_that_went_silent()
    {
        var server = await RealBackends.OrSkipAsync(() => _processes.StartRedisAsync(CancellationToken.None));
        await using var proxy = TcpProxy.Before(server.Address);
        using var client = new RedisClient(proxy.Address, options => options.ReplaceConnectionAfter = TimeSpan.FromSeconds(3));
        var cache = new RedisDedupCache(client.Connection, TimeProvider.System);
        await WorksAsync(cache);

        proxy.Silence();

        await FailsSoonAsync(cache);
        await WorksAsync(cache);
    }

    private static async Task FailsSoonAsync(RedisDedupCache cache)
    {
        var reading = cache.AskAsync(["k"], [], CancellationToken.None);
        Assert.Same(reading, await Task.WhenAny(reading, Task.Delay(Patience.Limit)));
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => reading);
        Assert.True(TransientFaults.IsFault(fault), fault.ToString());
    }

    private static async Task WorksAsync(RedisDedupCache cache)
    {
        var key = Guid.NewGuid().ToString("N");
        await Eventually.SucceedsAsync(() =>
            cache.MarkAsync([KeyValuePair.Create(key, "v")], TimeSpan.FromMinutes(1), CancellationToken.None));
        Assert.Equal(["v"], (await cache.AskAsync([key], [], CancellationToken.None)).Values);
    }
}
