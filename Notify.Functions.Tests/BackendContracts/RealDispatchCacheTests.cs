using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Tests.Backends;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>The contract on a real Redis.</summary>
public sealed class RealDispatchCacheTests : DispatchCacheContract
{
    private RedisClient? _client;

    public override Task DisposeAsync()
    {
        _client?.Dispose();
        return base.DisposeAsync();
    }

    protected override async Task<IDispatchCache> CreateAsync()
    {
        // The contract is not about time limits, and the machine may be busy.
        _client = new RedisClient((await RealBackends.RedisAsync()).Address, options => options.CommandTimeout = Patience.Limit);
        return new RedisDedupCache(_client.Connection, TimeProvider.System);
    }

    protected override Task PassAsync(TimeSpan time) => Task.Delay(time);
}
