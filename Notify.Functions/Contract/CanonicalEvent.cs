using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>
/// What an event says, in one spelling: to whom, by which channels, what and when. Neither its names nor what the service has filled in.
/// </summary>
internal static class CanonicalEvent
{
    /// <summary>
    /// UTF-8 that two events have in common where they say the same, whatever version, order or spelling they came in. Left out: <c>id</c>
    /// and <c>deduplicationKey</c>, which name it; <c>createdAt</c>, which may be filled in; <c>traceparent</c>, which is of the way it
    /// came; <c>tenant</c>, within which it is compared.
    /// </summary>
    public static byte[] Write(NotificationEvent notification)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, NotifyJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("type", notification.Type.Name());
            json.WriteString("priority", notification.Priority.Name());
            WriteSet(json, "recipients", notification.Recipients);
            WriteSet(json, "channels", notification.Channels.Select(channel => channel.Name()));
            WriteIfSet(json, "template", notification.Template);
            WriteIfSet(json, "category", notification.Category);
            WriteIfSet(json, "expiresAt", Milliseconds(notification.ExpiresAt));
            WriteIfSet(json, "sendAt", Milliseconds(notification.SendAt));
            json.WritePropertyName("payload");
            CanonicalJson.Write(json, notification.Payload);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    // Each counts once, and none before another.
    private static void WriteSet(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values.Order(StringComparer.Ordinal))
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

    private static string? Milliseconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
