namespace Notify.LocalHost.Runtime.Kafka;

/// <summary>A record as it stands on a topic.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="Offset">The position within the partition, from 0.</param>
/// <param name="Key">The key's bytes; <see langword="null"/> where the producer gave none.</param>
/// <param name="Value">The value's bytes; <see langword="null"/> for a tombstone.</param>
/// <param name="Timestamp">The producer's or the broker's time, in milliseconds.</param>
/// <param name="Headers">The headers in their order; names may repeat.</param>
public sealed record TopicRecord(
    string Topic,
    int Partition,
    long Offset,
    byte[]? Key,
    byte[]? Value,
    DateTimeOffset Timestamp,
    IReadOnlyList<TopicHeader> Headers);

/// <summary>A record's header.</summary>
public sealed record TopicHeader(string Name, byte[] Value);
