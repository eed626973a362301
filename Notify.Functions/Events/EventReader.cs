using System.Text.Json;

namespace Notify.Functions.Events;

/// <summary>Reads an event in whatever version it says it is in. Versions live side by side; each has a reader of its own.</summary>
public static class EventReader
{
    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowTrailingCommas = false,
        AllowDuplicateProperties = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = EventLimits.PayloadDepth + 2,
    };

    /// <summary>Reads and checks; never throws on bad input.</summary>
    /// <param name="utf8">The event as UTF-8 JSON.</param>
    /// <param name="defaults">What stands in for missing fields.</param>
    public static EventReading Read(ReadOnlyMemory<byte> utf8, EventDefaults defaults)
    {
        if (utf8.Length > EventLimits.EventBytes)
        {
            return Refused("$", "too_long", $"The event has {utf8.Length} bytes; the limit is {EventLimits.EventBytes}.");
        }
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8, Strict);
        }
        catch (JsonException fault)
        {
            return Refused("$", "not_json", Describe(fault));
        }
        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return Refused("$", "invalid", "The event must be a JSON object.");
            }
            return VersionOf(root) switch
            {
                EventV1Reader.Version => EventV1Reader.Read(root, defaults),
                var other => Refused("schemaVersion", "unknown", $"The schema version must be {EventV1Reader.Version}{Quoted(other)}."),
            };
        }
    }

    private static string? VersionOf(JsonElement root)
    {
        if (!root.TryGetProperty("schemaVersion", out var version))
        {
            return EventV1Reader.Version;
        }
        return JsonText.TryGetString(version, out var text) ? text : null;
    }

    private static EventReading Refused(string field, string code, string detail) => new(Event: null, [new EventFault(field, code, detail)]);

    private static string Quoted(string? value) => value is { Length: <= 32 } ? $", not '{value}'" : string.Empty;

    // JsonException's own message quotes the offending text, which may be payload.
    private static string Describe(JsonException fault) => fault.LineNumber is { } line
        ? $"The body is not valid JSON (line {line + 1}, byte {fault.BytePositionInLine + 1}), or has a field twice, or nests too deep."
        : "The body is not valid JSON, or has a field twice, or nests too deep.";
}
