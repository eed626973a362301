using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>Writes a row as JSON; a type that JSON cannot tell stands beside the value as <c>name@odata.type</c>.</summary>
internal static class EntityWriter
{
    // The body is no HTML: text of other alphabets need not triple.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(ITableEntity entity)
    {
        if (entity is not IDictionary<string, object> properties)
        {
            throw new NotSupportedException($"This build's table client writes {nameof(TableEntity)}, not {entity.GetType()}.");
        }

        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Relaxed);
        json.WriteStartObject();
        foreach (var (name, value) in properties)
        {
            // These are the service's own; null is the same as absent.
            if (name is not (PropertyNames.Timestamp or PropertyNames.ETag or PropertyNames.Metadata) && value is not null)
            {
                Write(json, name, value);
            }
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteString(name, text);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                WriteTyped(json, name, EdmTypes.Int64, number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                WriteTyped(json, name, EdmTypes.Double, number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset time:
                WriteTyped(json, name, EdmTypes.DateTime, ODataLiteral.Time(time));
                break;
            case DateTime time:
                WriteTyped(json, name, EdmTypes.DateTime, ODataLiteral.Time(new DateTimeOffset(time)));
                break;
            case Guid guid:
                WriteTyped(json, name, EdmTypes.Guid, guid.ToString("D"));
                break;
            case byte[] bytes:
                WriteTyped(json, name, EdmTypes.Binary, Convert.ToBase64String(bytes));
                break;
            default:
                throw new NotSupportedException($"A table cannot hold the property {name} of type {value.GetType()}.");
        }
    }

    private static void WriteTyped(Utf8JsonWriter json, string name, string type, string value)
    {
        json.WriteString(name + PropertyNames.TypeAnnotation, type);
        json.WriteString(name, value);
    }
}
