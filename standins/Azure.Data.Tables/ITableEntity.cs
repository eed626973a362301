namespace Azure.Data.Tables;

/// <summary>What every row has.</summary>
public interface ITableEntity
{
    /// <summary>The partition key.</summary>
    string PartitionKey { get; set; }

    /// <summary>The row key, unique within the partition.</summary>
    string RowKey { get; set; }

    /// <summary>When the service last wrote it; set by the service.</summary>
    DateTimeOffset? Timestamp { get; set; }

    /// <summary>Its version; set by the service.</summary>
    ETag ETag { get; set; }
}
