using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Tests.LocalHost;
using Notify.LocalHost.InMemory;

namespace Notify.Functions.Tests.Harness;

/// <summary>A dedup cache that a test can empty, or that is away.</summary>
internal sealed class ChangingCache : IDispatchCache
{
    private readonly TimeProvider _clock;
    private readonly bool _away;
    private InMemoryDispatchCache _inner;

    private ChangingCache(TimeProvider clock, bool away) => (_clock, _away, _inner) = (clock, away, new InMemoryDispatchCache(clock));

    /// <summary>The service with such a cache; <paramref name="flush"/> empties it where that is what happens to it.</summary>
    public static NotifyHarness Harness(Cache cache, out Action flush)
    {
        var clock = new ManualClock();
        var changing = new ChangingCache(clock, cache == Cache.Away);
        flush = cache == Cache.Flushed ? changing.Flush : () => { };
        return new NotifyHarness(clock: clock, configure: services =>
            services.Replace(ServiceDescriptor.Singleton<IDispatchCache>(changing)));
    }

    public Task<CacheAnswer> AskAsync(
        IReadOnlyList<string> keys, IReadOnlyList<ThrottleTicket> tickets, CancellationToken cancellationToken) =>
        _away ? throw new TimeoutException("away") : _inner.AskAsync(keys, tickets, cancellationToken);

    public Task MarkAsync(IReadOnlyList<KeyValuePair<string, string>> entries, TimeSpan ttl, CancellationToken cancellationToken) =>
        _away ? throw new TimeoutException("away") : _inner.MarkAsync(entries, ttl, cancellationToken);

    private void Flush() => _inner = new InMemoryDispatchCache(_clock);
}

/// <summary>What happens to the dedup cache in a test.</summary>
public enum Cache
{
    There,
    Flushed,
    Away,
}
