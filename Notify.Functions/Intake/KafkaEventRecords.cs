using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch;
using Notify.Functions.Infrastructure.Kafka;

namespace Notify.Functions.Intake;

/// <summary>Events as records of a topic.</summary>
internal static class KafkaEventRecords
{
    /// <summary>What decides the partition: the only recipient, else the event. A topic's events are spread.</summary>
    public static string KeyOf(NotificationEvent notification) =>
        notification.Recipients is [var only] && !AddressSyntax.IsTopic(only) ? only : notification.Id;

    /// <summary>The record for an event whose bytes are given.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="notification">The event.</param>
    /// <param name="value">Its bytes.</param>
    /// <param name="statesTime">Whether its time is the producer's own: one that was filled in tells it from no other event.</param>
    public static OutgoingRecord Create(string topic, NotificationEvent notification, ReadOnlyMemory<byte> value, bool statesTime = true)
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
        if (!statesTime)
        {
            headers[EventHeaders.FilledInName] = EventHeaders.TimeName;
        }
        return new OutgoingRecord(topic, KeyOf(notification), value, headers);
    }

    /// <summary>A record that was published, as the topic will bring it.</summary>
    public static IncomingRecord Incoming(OutgoingRecord record, EventPosition position, DateTimeOffset timestamp) =>
        new(position, timestamp, record.Value)
        {
            Headers = EventHeaders.From(record.Headers.Select(header =>
                KeyValuePair.Create(header.Key, (byte[]?)Encoding.UTF8.GetBytes(header.Value)))),
        };
}
