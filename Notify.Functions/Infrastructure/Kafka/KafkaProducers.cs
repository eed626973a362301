using Azure.Core;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Notify.Functions.Infrastructure.Kafka;

/// <summary>
/// Makes the producers of the intake: idempotent, acknowledged by every in-sync replica, patient for the time limit only.
/// </summary>
internal sealed class KafkaProducers(IOptions<BrokerOptions> options, TokenCredential credential, ILogger<KafkaProducers> logger)
{
    private readonly BrokerOptions _options = options.Value;

    /// <summary>A new producer, which connects behind this call.</summary>
    public IProducer<string, byte[]> Create()
    {
        var builder = new ProducerBuilder<string, byte[]>(Config(_options))
            .SetLogHandler((_, message) => KafkaLog.Write(logger, message))
            .SetErrorHandler((_, error) => KafkaLog.Write(logger, error));
        if (_options.SignsInByToken)
        {
            builder.SetOAuthBearerTokenRefreshHandler((client, _) => KafkaToken.Refresh(client, _options, credential));
        }
        return builder.Build();
    }

    internal static ProducerConfig Config(BrokerOptions options) => options.Configure(new ProducerConfig
    {
        // Acknowledged means: on every in-sync replica, once, though the producer may have sent it several times.
        Acks = Acks.All,
        EnableIdempotence = true,
        MessageSendMaxRetries = options.MaxRetries,
        RetryBackoffMs = Milliseconds(options.RetryBackoff),
        MessageTimeoutMs = Milliseconds(options.PublishTimeout),

        // A connection that has gone silent is given up after this, so that the next record does not wait for it as well.
        SocketTimeoutMs = Math.Max(Milliseconds(options.PublishTimeout), 2000),

        // A caller waits for each record: gather what is there already, but hardly wait for more.
        LingerMs = 1,

        // The Java client's choice of partition, so that a key meets the same partition whoever produces it.
        Partitioner = Partitioner.Murmur2Random,
        DeliveryReportFields = "status",
    });

    private static int Milliseconds(TimeSpan time) => (int)time.TotalMilliseconds;
}
