using Notify.Functions.Dispatch;
using Notify.Functions.Tests.Contracts;
using Notify.LocalHost.Embedded;

namespace Notify.Functions.Tests.LocalHost.Embedded;

public sealed class EmbeddedDedupCacheTests : DedupCacheContract
{
    private readonly ManualClock _clock = new();

    protected override Task<IDedupCache> CreateAsync() => Task.FromResult<IDedupCache>(new EmbeddedDedupCache(_clock));

    protected override Task PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }
}
