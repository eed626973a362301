using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function by records of a Kafka topic.</summary>
[InputConverter(typeof(KafkaRecordConverter))]
[ConverterFallbackBehavior(ConverterFallbackBehavior.Default)]
[BindingCapabilities(KnownBindingCapabilities.FunctionLevelRetry)]
public sealed class KafkaTriggerAttribute(string brokerList, string topic) : TriggerBindingAttribute, ISupportCardinality
{
    /// <summary>The brokers, or a <c>%setting%</c>.</summary>
    public string BrokerList { get; } = brokerList;

    /// <summary>The topic, or a <c>%setting%</c>.</summary>
    public string Topic { get; } = topic;

    /// <summary>The consumer group.</summary>
    public string? ConsumerGroup { get; set; }

    /// <summary>Whether the function takes an array of records.</summary>
    public bool IsBatched { get; set; }

    /// <summary>Unprocessed records an instance is expected to carry, for scaling.</summary>
    public long LagThreshold { get; set; } = 1000;

    /// <summary>How to talk to the brokers.</summary>
    public BrokerProtocol Protocol { get; set; } = BrokerProtocol.NotSet;

    /// <summary>The SASL mechanism.</summary>
    public BrokerAuthenticationMode AuthenticationMode { get; set; } = BrokerAuthenticationMode.NotSet;

    /// <summary>The SASL user name.</summary>
    public string? Username { get; set; }

    /// <summary>The SASL password.</summary>
    public string? Password { get; set; }

    Cardinality ISupportCardinality.Cardinality
    {
        get => IsBatched ? Cardinality.Many : Cardinality.One;
        set => IsBatched = value == Cardinality.Many;
    }
}
