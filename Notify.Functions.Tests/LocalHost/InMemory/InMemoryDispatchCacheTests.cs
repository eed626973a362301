using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Tests.BackendContracts;
using Notify.LocalHost.InMemory;

namespace Notify.Functions.Tests.LocalHost.InMemory;

public sealed class InMemoryDispatchCacheTests : DispatchCacheContract
{
    private readonly ManualClock _clock = new();

    protected override Task<IDispatchCache> CreateAsync() => Task.FromResult<IDispatchCache>(new InMemoryDispatchCache(_clock));

    protected override Task PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }
}
