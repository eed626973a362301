namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a record's timestamp means.</summary>
public enum KafkaTimestampType
{
    /// <summary>There is none.</summary>
    NotAvailable,

    /// <summary>When the producer made the record.</summary>
    CreateTime,

    /// <summary>When the broker appended it.</summary>
    LogAppendTime,
}
