using Microsoft.Extensions.Options;
using Notify.Functions.Sending.Throttling;

namespace Notify.LocalHost.InMemory;

/// <summary>
/// The backends in memory, as one world: hosts that are given the same object share topics, queues, tables and cache, as processes that
/// use the same servers do, and what it holds outlives each of them.
/// </summary>
internal sealed class InMemoryBackends(TimeProvider clock)
{
    private IProviderThrottle? _gate;

    /// <summary>Kafka.</summary>
    public InMemoryTopics Topics { get; } = new(clock);

    /// <summary>Azure Storage queues.</summary>
    public InMemoryQueues Queues { get; } = new(clock);

    /// <summary>Azure Table Storage.</summary>
    public InMemoryTables Tables { get; } = new();

    /// <summary>What Redis does for deduplication.</summary>
    public InMemoryDispatchCache DedupCache { get; } = new(clock);

    /// <summary>What Redis does for rate limits and circuits; the first host's settings hold.</summary>
    public IProviderThrottle Gate(IOptions<ResilienceOptions> options) =>
        LazyInitializer.EnsureInitialized(ref _gate, () => new LocalProviderThrottle(options, clock));
}
