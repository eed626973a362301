using Azure.Core;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Infrastructure.Kafka;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.LocalHost.Backends;

/// <summary>Reads a Kafka broker's topics as a member of a consumer group.</summary>
internal sealed class KafkaTopicSource(IOptions<BrokerOptions> options, TokenCredential credential, ILogger<KafkaTopicSource> logger)
    : ITopicSource
{
    private readonly BrokerOptions _options = options.Value;

    /// <inheritdoc/>
    public ITopicConsumer Subscribe(string topic, string group)
    {
        var partitions = new KafkaPartitions();
        var builder = new ConsumerBuilder<byte[]?, byte[]?>(Config(group))
            .SetLogHandler((_, message) => KafkaLog.Write(logger, message))
            .SetErrorHandler((_, error) => KafkaLog.Write(logger, error))
            .SetPartitionsAssignedHandler((_, assigned) => partitions.Assign(assigned))
            .SetPartitionsRevokedHandler((_, revoked) => partitions.Revoke(revoked))
            .SetPartitionsLostHandler((_, lost) => partitions.Revoke(lost));
        if (_options.SignsInByToken)
        {
            builder.SetOAuthBearerTokenRefreshHandler((client, _) => KafkaToken.Refresh(client, _options, credential));
        }
        return new KafkaConsumer(topic, builder.Build(), partitions, logger);
    }

    private ConsumerConfig Config(string group) => _options.Configure(new ConsumerConfig
    {
        GroupId = group,
        AutoOffsetReset = AutoOffsetReset.Earliest,

        // Nothing is committed but what was handled: by us, explicitly.
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,

        // As the Functions extension has it. All partitions are given up before a member joins anew, so that no commit is under way
        // meanwhile. In a cooperative rebalance one can be: it waits behind the JoinGroup, is refused for its old generation, and
        // librdkafka before 2.10 then gives everything up and joins anew, again and again.
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range,
        SessionTimeoutMs = (int)_options.SessionTimeout.TotalMilliseconds,
        HeartbeatIntervalMs = (int)Math.Min(1000, _options.SessionTimeout.TotalMilliseconds / 3),
        SocketTimeoutMs = 10_000,
        AllowAutoCreateTopics = true,

        // A fetch is answered as soon as there is a record on a broker, but only after the whole wait by librdkafka's mock of one.
        FetchWaitMaxMs = 50,
        FetchErrorBackoffMs = 100,
        QueuedMinMessages = 1000,
        QueuedMaxMessagesKbytes = 16 * 1024,
    });
}
