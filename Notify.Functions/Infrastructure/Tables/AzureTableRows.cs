using Azure;
using Azure.Data.Tables;

namespace Notify.Functions.Infrastructure.Tables;

/// <summary>Turns rows of the port into the client's and back.</summary>
internal static class AzureTableRows
{
    // What the client keeps among the properties, under the service's names.
    private static readonly HashSet<string> Own = new(StringComparer.Ordinal) { "PartitionKey", "RowKey", "Timestamp", "odata.etag" };

    public static TableEntity ToEntity(this TableRow row)
    {
        var entity = new TableEntity(row.Partition, row.Key);
        foreach (var (name, value) in row.Properties)
        {
            entity[name] = value is DateTimeOffset time ? time.ToUniversalTime() : value;
        }
        return entity;
    }

    public static TableRow ToRow(this TableEntity entity)
    {
        var row = new TableRow(entity.PartitionKey, entity.RowKey) { ETag = entity.ETag.ToString() };
        foreach (var name in entity.Keys)
        {
            if (!Own.Contains(name))
            {
                row[name] = entity[name] switch
                {
                    BinaryData bytes => bytes.ToArray(),
                    DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
                    var value => value,
                };
            }
        }
        return row;
    }

    public static TableTransactionAction ToAction(this TableWrite write)
    {
        var kind = write.Kind switch
        {
            TableWriteKind.Insert => TableTransactionActionType.Add,
            TableWriteKind.Merge => TableTransactionActionType.UpdateMerge,
            TableWriteKind.Replace => TableTransactionActionType.UpdateReplace,
            TableWriteKind.Upsert => TableTransactionActionType.UpsertReplace,
            TableWriteKind.Set => TableTransactionActionType.UpsertMerge,
            TableWriteKind.Delete => TableTransactionActionType.Delete,
            _ => throw new ArgumentOutOfRangeException(nameof(write), write.Kind, "Not a kind of write."),
        };
        return write.Kind is TableWriteKind.Insert or TableWriteKind.Upsert or TableWriteKind.Set
            ? new TableTransactionAction(kind, write.Row.ToEntity())
            : new TableTransactionAction(kind, write.Row.ToEntity(), write.Version());
    }

    /// <summary>The version that the row must have; any, where the write names none.</summary>
    public static ETag Version(this TableWrite write) => write.ETag is { } etag ? new ETag(etag) : ETag.All;
}
