using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>Writes an event as <c>event.v1</c>, with everything filled in: for the topic and for the ledger.</summary>
internal static class EventWriter
{
    /// <summary>UTF-8 JSON that <see cref="EventReader"/> reads back to an equal event.</summary>
    public static byte[] Write(NotificationEvent notification)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, NotifyJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("id", notification.Id);
            json.WriteString("type", notification.Type.Name());
            json.WriteString("priority", notification.Priority.Name());
            json.WritePropertyName("payload");
            // As it came: the writer would turn an emoji's four bytes into twelve.
            json.WriteRawValue(notification.Payload.GetRawText(), skipInputValidation: true);
            WriteList(json, "recipients", notification.Recipients);
            WriteList(json, "channels", notification.Channels.Select(channel => channel.Name()));
            WriteTime(json, "createdAt", notification.CreatedAt);
            WriteIfSet(json, "deduplicationKey", notification.DeduplicationKey);
            json.WriteString("schemaVersion", EventV1Reader.Version);
            WriteIfSet(json, "template", notification.Template);
            WriteIfSet(json, "category", notification.Category);
            WriteIfSet(json, "tenant", notification.Tenant);
            WriteTime(json, "expiresAt", notification.ExpiresAt);
            WriteTime(json, "sendAt", notification.SendAt);
            WriteIfSet(json, "traceparent", notification.TraceParent);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>ISO 8601 in UTC with milliseconds.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }
        json.WriteEndArray();
    }

    private static void WriteIfSet(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } given)
        {
            json.WriteString(name, Format(given));
        }
    }
}
