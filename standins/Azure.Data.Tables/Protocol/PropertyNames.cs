namespace Azure.Data.Tables;

/// <summary>Names that the protocol gives to what is no property of the caller's.</summary>
internal static class PropertyNames
{
    public const string PartitionKey = "PartitionKey";
    public const string RowKey = "RowKey";
    public const string Timestamp = "Timestamp";
    public const string ETag = "odata.etag";
    public const string Metadata = "odata.metadata";
    public const string TypeAnnotation = "@odata.type";
}
