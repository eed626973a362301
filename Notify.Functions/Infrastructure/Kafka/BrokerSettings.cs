namespace Notify.Functions.Infrastructure.Kafka;

/// <summary>The settings that the Kafka triggers name in their attributes.</summary>
internal static class BrokerSettings
{
    /// <summary>The brokers.</summary>
    public const string BrokerList = $"%{BrokerOptions.SectionName}:{nameof(BrokerOptions.BrokerList)}%";

    /// <summary>The topic of normal and low events.</summary>
    public const string Topic = $"%{BrokerOptions.SectionName}:{nameof(BrokerOptions.Topic)}%";

    /// <summary>The topic of critical and high events.</summary>
    public const string UrgentTopic = $"%{BrokerOptions.SectionName}:{nameof(BrokerOptions.UrgentTopic)}%";

    /// <summary>The consumer group.</summary>
    public const string ConsumerGroup = $"%{BrokerOptions.SectionName}:{nameof(BrokerOptions.ConsumerGroup)}%";
}
