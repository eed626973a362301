using System.Globalization;
using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>The fields that are the same in more than one version. A version that changes one reads it by itself.</summary>
internal static class CommonFields
{
    /// <summary>Channels named in one event; there are four, and naming one twice is allowed.</summary>
    public const int ChannelItems = 16;

    public static EventType Type(EventFields fields) =>
        fields.Enum<EventType>("type", ContractNames.TryParse, "transactional, marketing, alert");

    public static Priority Priority(EventFields fields) =>
        fields.Enum<Priority>("priority", ContractNames.TryParse, "critical, high, normal, low");

    /// <summary>The channels, each once.</summary>
    public static List<Channel> Channels(EventFields fields)
    {
        var found = new List<Channel>();
        foreach (var (name, item) in fields.Items("channels", ChannelItems))
        {
            if (!NotifyJson.TryGetString(item, out var text) || !ContractNames.TryParse(text, out Channel channel))
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

    /// <summary>The recipients as the model has them, each once.</summary>
    /// <param name="fields">The event's fields.</param>
    /// <param name="read">Reads one item; <see langword="null"/> where it has found and recorded a fault.</param>
    public static List<string> Recipients(EventFields fields, Func<string, JsonElement, string?> read)
    {
        var found = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, item) in fields.Items("recipients", EventLimits.Recipients))
        {
            if (read(name, item) is { } recipient && seen.Add(recipient))
            {
                found.Add(recipient);
            }
        }
        if (found.Count(AddressSyntax.IsTopic) is var topics and > EventLimits.Topics)
        {
            fields.Fault("recipients", "too_many",
                string.Create(CultureInfo.InvariantCulture, $"'recipients' has {topics} topics; the limit is {EventLimits.Topics}."));
        }
        return found;
    }

    /// <summary>A time to send at that cannot be kept, or that nobody will wait for, is a mistake.</summary>
    public static void CheckSendAt(EventFields fields, DateTimeOffset? sendAt, DateTimeOffset? createdAt, DateTimeOffset? expiresAt)
    {
        if (sendAt - createdAt > TimeSpan.FromDays(EventLimits.SendAheadDays))
        {
            fields.Fault("sendAt", "invalid",
                string.Create(CultureInfo.InvariantCulture, $"'sendAt' is at most {EventLimits.SendAheadDays} days after 'createdAt'."));
        }
        if (sendAt >= expiresAt)
        {
            fields.Fault("sendAt", "invalid", "'sendAt' must be earlier than 'expiresAt'.");
        }
    }

    /// <summary>The name of the template that has the words, if any.</summary>
    public static string? Template(EventFields fields)
    {
        var name = fields.Text("template", TemplateName.Length);
        if (name is not null && !TemplateName.IsValid(name))
        {
            fields.Fault("template", "invalid", TemplateName.Form);
        }
        return name;
    }

    /// <summary>The key in the body, or the one that stands outside it; where both are given they must be the same.</summary>
    public static string? DeduplicationKey(EventFields fields, EventDefaults defaults)
    {
        var own = fields.Text("deduplicationKey", EventLimits.DeduplicationKeyLength);
        if (own is not null && defaults.DeduplicationKey is not null
            && !string.Equals(own, defaults.DeduplicationKey, StringComparison.Ordinal))
        {
            fields.Fault("deduplicationKey", "conflict", "The Idempotency-Key header says something else.");
        }
        return own ?? defaults.DeduplicationKey;
    }
}
