using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>
/// Reads <c>event.v2</c>: recipients say what they are, what people see stands apart from the facts, and the producer states the time.
/// Lists every fault, not only the first.
/// </summary>
internal static class EventV2Reader
{
    /// <summary>The version's name.</summary>
    public const string Version = "event.v2";

    /// <summary>Every field of this version.</summary>
    public static IReadOnlyList<string> Known { get; } =
    [
        "id", "type", "priority", "content", "payload", "recipients", "channels", "createdAt", "deduplicationKey", "schemaVersion",
        "template",
        "category", "tenant", "expiresAt", "sendAt", "traceparent",
    ];

    public static EventReading Read(JsonElement root, EventDefaults defaults)
    {
        var fields = new EventFields(root);
        fields.RefuseUnknown(Known, Version);
        var id = fields.Id("id", defaults.Id, required: true);
        var type = CommonFields.Type(fields);
        var priority = CommonFields.Priority(fields);
        var recipients = CommonFields.Recipients(fields, (name, item) => RecipientV2.Read(fields, name, item));
        var channels = CommonFields.Channels(fields);
        var template = CommonFields.Template(fields);
        var payload = ContentV2.Read(fields, hasTemplate: fields.Has("template"));
        var createdAt = CreatedAt(fields, root, defaults);
        var key = CommonFields.DeduplicationKey(fields, defaults);
        var category = fields.Id("category", fallback: null, required: false);
        var tenant = fields.Id("tenant", fallback: null, required: false);
        var expiresAt = Time(fields, root, "expiresAt");
        if (expiresAt <= createdAt)
        {
            fields.Fault("expiresAt", "invalid", "'expiresAt' must be later than 'createdAt'.");
        }
        var sendAt = Time(fields, root, "sendAt");
        CommonFields.CheckSendAt(fields, sendAt, createdAt, expiresAt);
        var trace = TraceParent(fields, root);
        if (fields.Faults.Count > 0)
        {
            return new EventReading(Event: null, fields.Faults);
        }
        return new EventReading(
            new NotificationEvent
            {
                Id = id!,
                Type = type,
                Priority = priority,
                Payload = payload!.Value,
                Recipients = recipients,
                Channels = channels,
                CreatedAt = createdAt!.Value,
                DeduplicationKey = key,
                Category = category,
                Tenant = tenant,
                ExpiresAt = expiresAt,
                SendAt = sendAt,
                TraceParent = trace,
                Template = template,
            },
            [])
        {
            StatesTime = true,
        };
    }

    private static DateTimeOffset? CreatedAt(EventFields fields, JsonElement root, EventDefaults defaults)
    {
        if (!fields.Has("createdAt") && defaults.StatedAt is { } stated)
        {
            return stated;
        }
        return fields.Required("createdAt", out _) ? Time(fields, root, "createdAt") : null;
    }

    private static DateTimeOffset? Time(EventFields fields, JsonElement root, string name)
    {
        if (!fields.Has(name))
        {
            return null;
        }
        if (NotifyJson.TryGetString(root.GetProperty(name), out var text) && EventTimes.TryParseStrict(text, out var time))
        {
            return time;
        }
        fields.Fault(name, "invalid",
            $"'{name}' is a time in RFC 3339 with its offset, between the years 2000 and 2999, such as 2026-01-31T09:30:00Z.");
        return null;
    }

    private static string? TraceParent(EventFields fields, JsonElement root)
    {
        if (!fields.Has("traceparent"))
        {
            return null;
        }
        if (NotifyJson.TryGetString(root.GetProperty("traceparent"), out var text) && TraceContext.IsTraceParent(text))
        {
            return text;
        }
        fields.Fault("traceparent", "invalid", "'traceparent' is a W3C trace context of version 00.");
        return null;
    }
}
