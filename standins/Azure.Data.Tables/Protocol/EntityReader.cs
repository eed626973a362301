using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>Reads rows from JSON, by the type that stands beside a value where one does.</summary>
internal static class EntityReader
{
    public static IReadOnlyList<T> ReadPage<T>(Response response)
        where T : class, ITableEntity
    {
        using var document = JsonDocument.Parse(response.Content.ToMemory());
        return [.. document.RootElement.GetProperty("value").EnumerateArray().Select(Read<T>)];
    }

    public static T Read<T>(Response response)
        where T : class, ITableEntity
    {
        using var document = JsonDocument.Parse(response.Content.ToMemory());
        return Read<T>(document.RootElement);
    }

    private static T Read<T>(JsonElement json)
        where T : class, ITableEntity
    {
        var entity = new TableEntity();
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name != PropertyNames.Metadata && !property.Name.EndsWith(PropertyNames.TypeAnnotation, StringComparison.Ordinal))
            {
                entity[property.Name] = Value(property.Value, Type(json, property.Name));
            }
        }

        return entity as T
            ?? throw new NotSupportedException($"This build's table client reads {nameof(TableEntity)}, not {typeof(T)}.");
    }

    // The row's own timestamp is the one time that comes without its type.
    private static string? Type(JsonElement json, string name) =>
        json.TryGetProperty(name + PropertyNames.TypeAnnotation, out var type) ? type.GetString()
        : name == PropertyNames.Timestamp ? EdmTypes.DateTime
        : null;

    private static object? Value(JsonElement value, string? type) => (value.ValueKind, type) switch
    {
        (JsonValueKind.Null, _) => null,
        (JsonValueKind.True, _) => true,
        (JsonValueKind.False, _) => false,
        (JsonValueKind.Number, EdmTypes.Double) => value.GetDouble(),
        (JsonValueKind.Number, EdmTypes.Int64) => value.GetInt64(),
        (JsonValueKind.Number, _) when value.TryGetInt32(out var number) => number,
        (JsonValueKind.Number, _) => value.GetDouble(),
        (_, EdmTypes.Int64) => long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        (_, EdmTypes.Double) => double.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        (_, EdmTypes.DateTime) => value.GetDateTimeOffset().ToUniversalTime(),
        (_, EdmTypes.Guid) => value.GetGuid(),
        (_, EdmTypes.Binary) => value.GetBytesFromBase64(),
        _ => value.GetString(),
    };
}
