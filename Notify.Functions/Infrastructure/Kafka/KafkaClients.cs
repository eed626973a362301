using Confluent.Kafka;

namespace Notify.Functions.Infrastructure.Kafka;

/// <summary>
/// What producers and consumers of this service have in common: where the broker is, how to sign in, how soon to reconnect.
/// </summary>
internal static class KafkaClients
{
    /// <summary>
    /// Adds the common settings to those of one kind of client. Numbers that are not ours follow the advice for the Kafka endpoint of
    /// Event Hubs (metadata below four minutes, keep-alive), which does no harm elsewhere.
    /// </summary>
    public static T Configure<T>(this BrokerOptions options, T config) where T : ClientConfig
    {
        config.BootstrapServers = options.BrokerList;
        config.ClientId = "notify";
        config.SecurityProtocol = options.Protocol;
        if (!string.IsNullOrEmpty(options.SslCaLocation))
        {
            config.SslCaLocation = options.SslCaLocation;
        }
        if (options.SignsInByPassword || options.SignsInByToken)
        {
            config.SaslMechanism = options.Mechanism;
        }
        if (options.SignsInByPassword)
        {
            config.SaslUsername = options.Username;
            config.SaslPassword = options.Password;
        }

        // A broker that comes back is used again within a second, not after librdkafka's ten.
        config.ReconnectBackoffMs = 100;
        config.ReconnectBackoffMaxMs = 1000;
        config.SocketConnectionSetupTimeoutMs = 5000;
        config.SocketKeepaliveEnable = true;
        config.SocketNagleDisable = true;
        config.MetadataMaxAgeMs = 180_000;
        return config;
    }
}
