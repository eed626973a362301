using Azure.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using Notify.Functions.Infrastructure.Kafka;
using Notify.LocalHost.Backends;

namespace Notify.Functions.Tests.Backends;

/// <summary>The production producer and consumers on a broker of the tests.</summary>
internal sealed class KafkaClient : IDisposable
{
    private readonly KafkaEventPublisher _publisher;
    private readonly KafkaConsumerLag _lag;

    public KafkaClient(string address, Action<BrokerOptions>? configure = null, ILogger<KafkaTopicSource>? log = null)
    {
        var settings = new BrokerOptions { BrokerList = address };
        configure?.Invoke(settings);
        var options = Options.Create(settings);
        var credential = Mock.Of<TokenCredential>();
        _publisher = new KafkaEventPublisher(
            options, new KafkaProducers(options, credential, NullLogger<KafkaProducers>.Instance).Create, TimeProvider.System,
            NullLogger<KafkaEventPublisher>.Instance);
        _lag = new KafkaConsumerLag(options, credential, NullLogger<KafkaConsumerLag>.Instance);
        Source = new KafkaTopicSource(options, credential, log ?? NullLogger<KafkaTopicSource>.Instance);
    }

    public IEventPublisher Publisher => _publisher;

    public IConsumerLag Lag => _lag;

    public KafkaTopicSource Source { get; }

    public void Dispose()
    {
        _publisher.Dispose();
        _lag.Dispose();
    }
}
