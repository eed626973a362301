using Notify.Functions.Infrastructure.Tables;

namespace Notify.LocalHost.InMemory;

/// <summary>One version of a row. Values are copied on their way in and out, so that no caller holds a piece of the table.</summary>
internal sealed class InMemoryRow
{
    private readonly Dictionary<string, object> _properties;

    private InMemoryRow(string key, string etag, Dictionary<string, object> properties) =>
        (Key, ETag, _properties) = (key, etag, properties);

    public string Key { get; }

    public string ETag { get; }

    /// <summary>A row as the caller made it, over the properties of <paramref name="before"/> where it is merged.</summary>
    public static InMemoryRow From(TableRow row, InMemoryRow? before, string etag)
    {
        var properties = before is null
            ? new Dictionary<string, object>(row.Properties.Count, StringComparer.Ordinal)
            : new Dictionary<string, object>(before._properties, StringComparer.Ordinal);
        foreach (var (name, value) in row.Properties)
        {
            properties[name] = Copy(value);
        }
        return new InMemoryRow(row.Key, etag, properties);
    }

    public TableRow ToRow(string partition)
    {
        var row = new TableRow(partition, Key) { ETag = ETag };
        foreach (var (name, value) in _properties)
        {
            row.Properties[name] = Copy(value);
        }
        return row;
    }

    private static object Copy(object value) => value switch
    {
        byte[] bytes => bytes.Clone(),
        DateTimeOffset time => time.ToUniversalTime(),
        _ => value,
    };
}
