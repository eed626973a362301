namespace Microsoft.Azure.Functions.Worker;

/// <summary>A record as the broker has it: raw bytes and where they were.</summary>
public class KafkaRecord
{
    /// <summary>The topic it came from.</summary>
    public string Topic { get; set; } = null!;

    /// <summary>The partition it came from.</summary>
    public int Partition { get; set; }

    /// <summary>Its offset there.</summary>
    public long Offset { get; set; }

    /// <summary>The raw key; null where it has none.</summary>
    public byte[]? Key { get; set; }

    /// <summary>The raw value; null for a tombstone.</summary>
    public byte[]? Value { get; set; }

    /// <summary>The timestamp; null where the host sends none.</summary>
    public KafkaTimestamp Timestamp { get; set; } = null!;

    /// <summary>The headers, in order.</summary>
    public KafkaHeader[] Headers { get; set; } = null!;
}
