namespace Microsoft.Azure.Functions.Worker;

/// <summary>A record's timestamp.</summary>
public class KafkaTimestamp
{
    /// <summary>Milliseconds since 1970, UTC.</summary>
    public long UnixTimestampMs { get; set; }

    /// <summary>What the timestamp means.</summary>
    public KafkaTimestampType Type { get; set; }

    /// <summary>The same, as a point in time.</summary>
    public DateTimeOffset DateTimeOffset => DateTimeOffset.FromUnixTimeMilliseconds(UnixTimestampMs);
}
