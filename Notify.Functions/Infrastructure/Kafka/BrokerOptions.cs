using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;

namespace Notify.Functions.Infrastructure.Kafka;

/// <summary>The Kafka broker: a plain one, or the Kafka endpoint of Azure Event Hubs.</summary>
public sealed class BrokerOptions
{
    /// <summary>The section of the settings.</summary>
    public const string SectionName = "Notify:Broker";

    /// <summary>Brokers to ask first, <c>HOST:PORT[,HOST:PORT…]</c>; <c>NAMESPACE.servicebus.windows.net:9093</c> for Event Hubs.</summary>
    /// <value>No default: where Kafka is used it has to be set.</value>
    public string BrokerList { get; set; } = "";

    /// <summary>Where events of normal and low priority go, and where other producers put theirs.</summary>
    /// <value><c>notifications.incoming</c></value>
    [Required]
    public string Topic { get; set; } = "notifications.incoming";

    /// <summary>Where critical and high events go, so that they never wait behind bulk.</summary>
    /// <value><c>notifications.urgent</c></value>
    [Required]
    public string UrgentTopic { get; set; } = "notifications.urgent";

    /// <summary>The group that the service's consumers share. A new name reads both topics from their beginnings again.</summary>
    /// <value><c>notification-service-v1</c></value>
    [Required]
    public string ConsumerGroup { get; set; } = "notification-service-v1";

    /// <summary>
    /// How often the producer sends a record again within <see cref="PublishTimeout"/>. Repeating is safe: the producer is idempotent.
    /// </summary>
    /// <value>3</value>
    [Range(1, 100)]
    public int MaxRetries { get; set; } = 3;

    /// <summary>How long the producer waits before it sends a record again.</summary>
    /// <value>100 ms</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan RetryBackoff { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long the intake waits for the acknowledgement of every in-sync replica before it answers 503. Connecting for the first
    /// time is inside the limit.
    /// </summary>
    /// <value>2 s</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many records of a topic may wait for the dispatchers before the intake answers 503 to what would go there; 0: as many as there
    /// are.
    /// </summary>
    /// <value>100,000</value>
    [Range(0, long.MaxValue)]
    public long MaxLag { get; set; } = 100_000;

    /// <summary>
    /// How long a consumer of the local host may be silent before the group gives its partitions to others; so long a killed
    /// consumer's records wait. Brokers refuse less than their <c>group.min.session.timeout.ms</c>, 6 s as a rule.
    /// </summary>
    /// <value>6 s</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Encryption and sign-in. Event Hubs wants <see cref="SecurityProtocol.SaslSsl"/>.</summary>
    /// <value><see cref="SecurityProtocol.Plaintext"/></value>
    public SecurityProtocol Protocol { get; set; } = SecurityProtocol.Plaintext;

    /// <summary>
    /// How to sign in where <see cref="Protocol"/> says that one does. <see cref="SaslMechanism.OAuthBearer"/> signs in to Event Hubs
    /// by Microsoft Entra, with no user name and no password.
    /// </summary>
    /// <value><see cref="SaslMechanism.Plain"/></value>
    public SaslMechanism Mechanism { get; set; } = SaslMechanism.Plain;

    /// <summary>The user; <c>$ConnectionString</c> for Event Hubs.</summary>
    /// <value>None.</value>
    public string? Username { get; set; }

    /// <summary>The password; the namespace's connection string for Event Hubs. A secret.</summary>
    /// <value>None.</value>
    public string? Password { get; set; }

    /// <summary>
    /// The connection string with which the triggers sign in to Event Hubs where everything else does by
    /// <see cref="SaslMechanism.OAuthBearer"/>, which they cannot: of a rule that may only listen. A secret.
    /// </summary>
    /// <value>None.</value>
    public string? TriggerPassword { get; set; }

    /// <summary>A file with the certificates to trust, where the system's do not do.</summary>
    /// <value>None: the system's.</value>
    public string? SslCaLocation { get; set; }

    /// <summary>Whether a client signs in by user name and password.</summary>
    internal bool SignsInByPassword => SignsIn && Mechanism != SaslMechanism.OAuthBearer;

    /// <summary>Whether a client signs in by a token of Microsoft Entra.</summary>
    internal bool SignsInByToken => SignsIn && Mechanism == SaslMechanism.OAuthBearer;

    private bool SignsIn => Protocol is SecurityProtocol.SaslSsl or SecurityProtocol.SaslPlaintext;
}
