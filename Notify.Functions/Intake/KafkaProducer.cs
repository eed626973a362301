using Azure.Core;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Notify.Functions.Hosting;

namespace Notify.Functions.Intake;

/// <summary>Makes the producer of the intake.</summary>
internal static class KafkaProducer
{
    public static IProducer<string, byte[]> Create(BrokerOptions options, TokenCredential credential, ILogger logger)
    {
        var builder = new ProducerBuilder<string, byte[]>(Config(options))
            .SetLogHandler((_, message) => KafkaLog.Write(logger, message))
            .SetErrorHandler((_, error) => KafkaLog.Write(logger, error));
        if (options.SignsInByToken)
        {
            builder.SetOAuthBearerTokenRefreshHandler((client, _) => KafkaToken.Refresh(client, options, credential));
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
