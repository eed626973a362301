using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Tests.Backends;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>The contract on a real Kafka broker.</summary>
[Trait("Category", "Slow")]
public sealed class RealTopicsTests : TopicsContract
{
    private KafkaClient? _client;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _client?.Dispose();
    }

    protected override async Task<(IEventPublisher Publisher, ITopicSource Source, IConsumerLag Lag)> CreateAsync()
    {
        // The first record of a topic waits for the broker to make it, and two tests share two cores.
        _client = new KafkaClient((await RealBackends.KafkaAsync()).Address, options => options.PublishTimeout = TimeSpan.FromMinutes(2));
        return (_client.Publisher, _client.Source, _client.Lag);
    }
}
