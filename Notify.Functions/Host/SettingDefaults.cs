using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Infrastructure.Kafka;

namespace Notify.Functions.Host;

/// <summary>Defaults of the settings that triggers name in their attributes, for hosts that can have defaults.</summary>
/// <remarks>The Azure Functions host has none: there these settings must be set, as <c>local.settings.sample.json</c> and the Bicep
/// do.</remarks>
internal static class SettingDefaults
{
    /// <summary>Setting names with <c>:</c>, and their values.</summary>
    public static IReadOnlyDictionary<string, string> Triggers { get; } = From(new BrokerOptions(), new BatchingOptions());

    private static Dictionary<string, string> From(BrokerOptions broker, BatchingOptions batching) => new(StringComparer.Ordinal)
    {
        [$"{BrokerOptions.SectionName}:{nameof(BrokerOptions.BrokerList)}"] = "localhost:9092",
        [$"{BrokerOptions.SectionName}:{nameof(BrokerOptions.Topic)}"] = broker.Topic,
        [$"{BrokerOptions.SectionName}:{nameof(BrokerOptions.UrgentTopic)}"] = broker.UrgentTopic,
        [$"{BrokerOptions.SectionName}:{nameof(BrokerOptions.ConsumerGroup)}"] = broker.ConsumerGroup,
        [$"{BatchingOptions.SectionName}:{nameof(BatchingOptions.Schedule)}"] = batching.Schedule,
    };
}
