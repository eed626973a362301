using System.Globalization;
using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>Reads <c>event.v1</c>. Lists every fault, not only the first.</summary>
internal static class EventV1Reader
{
    /// <summary>The version's name; also what an event without one is taken for.</summary>
    public const string Version = "event.v1";

    /// <summary>Every field of this version.</summary>
    public static IReadOnlyList<string> Known { get; } =
    [
        "id", "type", "priority", "payload", "recipients", "channels", "createdAt", "deduplicationKey", "schemaVersion", "template",
        "category", "tenant", "expiresAt", "sendAt", "traceparent",
    ];

    public static EventReading Read(JsonElement root, EventDefaults defaults)
    {
        var fields = new EventFields(root);
        fields.RefuseUnknown(Known, Version);
        var id = fields.Id("id", defaults.Id, required: true);
        var type = CommonFields.Type(fields);
        var priority = CommonFields.Priority(fields);
        var recipients = CommonFields.Recipients(fields, (name, item) => Recipient(fields, name, item, defaults.IsStored));
        var channels = CommonFields.Channels(fields);
        var template = CommonFields.Template(fields);
        var payload = Payload(fields, defaults);
        var createdAt = CreatedAt(fields, root, defaults);
        var key = CommonFields.DeduplicationKey(fields, defaults);
        var category = fields.Id("category", fallback: null, required: false);
        var tenant = fields.Id("tenant", fallback: null, required: false);
        var expiresAt = Time(fields, root, "expiresAt");
        var sendAt = Time(fields, root, "sendAt");
        CommonFields.CheckSendAt(fields, sendAt, createdAt, expiresAt);
        var trace = fields.Text("traceparent", EventLimits.TraceParentLength);
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
                Payload = payload.Clone(),
                Recipients = recipients,
                Channels = channels,
                CreatedAt = EventTimes.WholeMilliseconds(createdAt),
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
            StatesTime = fields.Has("createdAt") || defaults.StatedAt is not null,
        };
    }

    private static string? Recipient(EventFields fields, string name, JsonElement item, bool isStored)
    {
        if (!NotifyJson.TryGetString(item, out var text) || (isStored ? text : Recipient(text)) is not { } recipient)
        {
            fields.Fault(name, "invalid",
                "A recipient is a user id (1–128 characters of A–Z a–z 0–9 . _ : @ + -), mailto:ADDRESS, tel:+NUMBER or topic:NAME.");
            return null;
        }
        return recipient;
    }

    private static string? Recipient(string text) =>
        !AddressSyntax.IsTopic(text) ? AddressNormalizer.Recipient(text) : AddressSyntax.IsId(text[AddressSyntax.TopicPrefix.Length..])
            ? text : null;

    private static DateTimeOffset CreatedAt(EventFields fields, JsonElement root, EventDefaults defaults)
    {
        if (Time(fields, root, "createdAt") is { } own)
        {
            return own;
        }
        if (!fields.Has("createdAt") && !EventTimes.IsInRange(defaults.CreatedAt))
        {
            fields.Fault("createdAt", "missing",
                "'createdAt' is required where the record's own time is not between the years 2000 and 2999.");
        }
        return defaults.CreatedAt;
    }

    private static DateTimeOffset? Time(EventFields fields, JsonElement root, string name)
    {
        if (!fields.Has(name))
        {
            return null;
        }
        if (EventTimes.TryReadLenient(root.GetProperty(name), out var time))
        {
            return time;
        }
        fields.Fault(name, "invalid", $"'{name}' is a time in ISO 8601 between the years 2000 and 2999, such as 2026-01-31T09:30:00Z.");
        return null;
    }

    private static JsonElement Payload(EventFields fields, EventDefaults defaults)
    {
        if (!fields.Required("payload", out var payload))
        {
            return default;
        }
        if (payload.ValueKind != JsonValueKind.Object)
        {
            fields.Fault("payload", "invalid", "The payload must be a JSON object.");
        }
        else if (NotifyJson.ByteCount(payload) is var size and > EventLimits.PayloadBytes)
        {
            fields.Fault("payload", "too_long",
                string.Create(CultureInfo.InvariantCulture, $"The payload has {size} bytes; the limit is {EventLimits.PayloadBytes}."));
        }
        else if (!NotifyJson.IsText(payload))
        {
            fields.Fault("payload", "invalid", "The payload holds text that is not valid Unicode.");
        }
        else if (!PayloadContent.IsUsable(payload, hasTemplate: fields.Has("template")))
        {
            fields.Fault("payload", "invalid",
                "Without a template the payload needs a text 'message' or 'title'; 'url' and 'html' are texts and 'data' an object of "
                    + "texts, numbers and booleans.");
        }
        else if (!defaults.IsStored)
        {
            PayloadContent.CheckLinks(payload, (name, detail) => fields.Fault("payload." + name, "invalid", detail));
        }
        return payload;
    }
}
