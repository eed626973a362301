using Confluent.Kafka;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.LocalHost.Backends;

/// <summary>Turns what the client consumed into the runtime's record.</summary>
internal static class ConsumedRecord
{
    public static TopicRecord ToRecord(this ConsumeResult<byte[]?, byte[]?> fetched) => new(
        fetched.Topic,
        fetched.Partition.Value,
        fetched.Offset.Value,
        fetched.Message.Key,
        fetched.Message.Value,
        DateTimeOffset.FromUnixTimeMilliseconds(fetched.Message.Timestamp.UnixTimestampMs),
        [.. fetched.Message.Headers?.Select(header => new TopicHeader(header.Key, header.GetValueBytes() ?? [])) ?? []]);
}
