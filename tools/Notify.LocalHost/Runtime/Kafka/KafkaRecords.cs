using System.Text;
using Microsoft.Azure.Functions.Worker;

namespace Notify.LocalHost.Runtime.Kafka;

/// <summary>Makes the records that functions are given.</summary>
internal static class KafkaRecords
{
    /// <summary>A batch as the worker binds it.</summary>
    public static KafkaRecord[] From(IReadOnlyList<TopicRecord> batch) => [.. batch.Select(From)];

    /// <summary>
    /// A batch of one record that stands on no topic: what an administrator hands over. Its partition is -1, so that its position is nobody
    /// else's.
    /// </summary>
    public static KafkaRecord[] FromInput(string topic, string value, DateTimeOffset now) =>
    [
        From(new TopicRecord(topic, Partition: -1, now.ToUnixTimeMilliseconds(), Key: null, Encoding.UTF8.GetBytes(value), now, [])),
    ];

    private static KafkaRecord From(TopicRecord record) => new()
    {
        Topic = record.Topic,
        Partition = record.Partition,
        Offset = record.Offset,
        Key = record.Key!,
        Value = record.Value!,
        Timestamp = new KafkaTimestamp
        {
            UnixTimestampMs = record.Timestamp.ToUnixTimeMilliseconds(),
            Type = KafkaTimestampType.CreateTime
        },
        Headers = [.. record.Headers.Select(h => new KafkaHeader { Key = h.Name, Value = h.Value })],
    };
}
