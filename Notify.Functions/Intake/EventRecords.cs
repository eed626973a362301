using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;

namespace Notify.Functions.Intake;

/// <summary>Events as records of a topic.</summary>
internal static class EventRecords
{
    /// <summary>What decides the partition: the only recipient, else the event. A topic's events are spread.</summary>
    public static string KeyOf(NotificationEvent notification) => notification.Recipients is [var only] && !Addresses.IsTopic(only) ? only : notification.Id;

    /// <summary>The record for an event whose bytes are given.</summary>
    public static OutgoingRecord Of(string topic, NotificationEvent notification, ReadOnlyMemory<byte> value)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = "application/json",
            ["schema-version"] = "event.v1",
        };
        if (notification.TraceParent is { } trace)
        {
            headers["traceparent"] = trace;
        }
        return new OutgoingRecord(topic, KeyOf(notification), value, headers);
    }
}
