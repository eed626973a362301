using Microsoft.Extensions.Options;
using Notify.Functions.Sending.Throttling;

namespace Notify.LocalHost.InMemory;

/// <summary>
/// The backends in memory, as one world: hosts that are given the same object share topics, queues, tables and cache, as processes that
/// use the same servers do, and what it holds outlives each of them.
/// </summary>
internal sealed class EmbeddedBackends(TimeProvider clock)
{
    private IProviderGate? _gate;

    /// <summary>Kafka.</summary>
    public EmbeddedTopics Topics { get; } = new(clock);

    /// <summary>Azure Storage queues.</summary>
    public EmbeddedQueues Queues { get; } = new(clock);

    /// <summary>Azure Table Storage.</summary>
    public EmbeddedTables Tables { get; } = new();

    /// <summary>What Redis does for deduplication.</summary>
    public EmbeddedDedupCache DedupCache { get; } = new(clock);

    /// <summary>What Redis does for rate limits and circuits; the first host's settings hold.</summary>
    public IProviderGate Gate(IOptions<ResilienceOptions> options) => LazyInitializer.EnsureInitialized(ref _gate, () => new LocalProviderGate(options, clock));
}
