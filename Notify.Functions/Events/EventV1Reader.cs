using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Notify.Functions.Events;

/// <summary>Reads <c>event.v1</c>. Lists every fault, not only the first.</summary>
internal static class EventV1Reader
{
    /// <summary>The version's name; also what an event without one is taken for.</summary>
    public const string Version = "event.v1";

    private static readonly string[] Known =
    [
        "id", "type", "priority", "payload", "recipients", "channels", "createdAt", "deduplicationKey", "schemaVersion", "template",
        "category", "tenant", "expiresAt", "sendAt", "traceparent",
    ];

    private static readonly string[] NotYet = ["template", "sendAt"];

    public static EventReading Read(JsonElement root, EventDefaults defaults)
    {
        var fields = new EventFields(root);
        foreach (var property in root.EnumerateObject().Where(property => !Known.Contains(property.Name, StringComparer.Ordinal)))
        {
            fields.Fault(property.Name, "unknown", $"There is no such field in {Version}.");
        }
        foreach (var later in NotYet.Where(name => fields.Has(name)))
        {
            fields.Fault(later, "unsupported", $"'{later}' is not supported yet; leave it out.");
        }
        var id = fields.Id("id", defaults.Id, required: true);
        var type = fields.Enum<EventType>("type", Names.TryParse, "transactional, marketing, alert");
        var priority = fields.Enum<Priority>("priority", Names.TryParse, "critical, high, normal, low");
        var recipients = Recipients(fields);
        var channels = Channels(fields);
        var payload = Payload(fields);
        var createdAt = fields.Time("createdAt") ?? defaults.CreatedAt;
        var key = Key(fields, defaults);
        var category = fields.Id("category", fallback: null, required: false);
        var tenant = fields.Id("tenant", fallback: null, required: false);
        var expiresAt = fields.Time("expiresAt");
        var trace = fields.Text("traceparent", 128);
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
                CreatedAt = EventFields.WholeMilliseconds(createdAt),
                DeduplicationKey = key,
                Category = category,
                Tenant = tenant,
                ExpiresAt = expiresAt,
                TraceParent = trace,
            },
            []);
    }

    private static List<string> Recipients(EventFields fields)
    {
        var found = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, item) in fields.Items("recipients", EventLimits.Recipients))
        {
            if (!JsonText.TryGetString(item, out var recipient) || !IsRecipient(recipient))
            {
                fields.Fault(name, "invalid", "A recipient is a user id (1–128 characters of A–Z a–z 0–9 . _ : @ + -), mailto:ADDRESS or tel:+NUMBER.");
            }
            else if (recipient.StartsWith(Addresses.TopicPrefix, StringComparison.Ordinal))
            {
                fields.Fault(name, "unsupported", "Topics are not supported yet; name the recipients.");
            }
            else if (seen.Add(recipient))
            {
                found.Add(recipient);
            }
        }
        return found;
    }

    private static bool IsRecipient(string text) =>
        text.StartsWith(Addresses.MailPrefix, StringComparison.Ordinal) ? Addresses.IsEmail(text[Addresses.MailPrefix.Length..])
        : text.StartsWith(Addresses.PhonePrefix, StringComparison.Ordinal) ? Addresses.IsPhone(text[Addresses.PhonePrefix.Length..])
        : Addresses.IsId(text);

    private static List<Channel> Channels(EventFields fields)
    {
        var found = new List<Channel>();
        foreach (var (name, item) in fields.Items("channels", 16))
        {
            if (!JsonText.TryGetString(item, out var text) || !Names.TryParse(text, out Channel channel))
            {
                fields.Fault(name, "unknown", "A channel is one of email, sms, push, in_app.");
            }
            else if (!found.Contains(channel))
            {
                found.Add(channel);
            }
        }
        return found;
    }

    private static JsonElement Payload(EventFields fields)
    {
        if (!fields.Required("payload", out var payload))
        {
            return default;
        }
        if (payload.ValueKind != JsonValueKind.Object)
        {
            fields.Fault("payload", "invalid", "The payload must be a JSON object.");
        }
        else if (Encoding.UTF8.GetByteCount(payload.GetRawText()) is var size and > EventLimits.PayloadBytes)
        {
            fields.Fault("payload", "too_long", string.Create(CultureInfo.InvariantCulture, $"The payload has {size} bytes; the limit is {EventLimits.PayloadBytes}."));
        }
        else if (!JsonText.IsText(payload))
        {
            fields.Fault("payload", "invalid", "The payload holds text that is not valid Unicode.");
        }
        else if (!PayloadContent.IsUsable(payload))
        {
            fields.Fault("payload", "invalid", "The payload needs a text 'message' or 'title'; 'url' and 'html' are texts and 'data' an object of texts, numbers and booleans.");
        }
        return payload;
    }

    private static string? Key(EventFields fields, EventDefaults defaults)
    {
        var own = fields.Text("deduplicationKey", EventLimits.DeduplicationKeyLength);
        if (own is not null && defaults.DeduplicationKey is not null && !string.Equals(own, defaults.DeduplicationKey, StringComparison.Ordinal))
        {
            fields.Fault("deduplicationKey", "conflict", "The Idempotency-Key header says something else.");
        }
        return own ?? defaults.DeduplicationKey;
    }
}
