using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Notify.Sandbox.Common;
using Notify.Sandbox.Reports;

namespace Notify.Sandbox.SendGrid;

/// <summary>
/// The objects of the event webhook, with their keys in order as in SendGrid's own posts
/// (<see href="https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event">event webhook reference</see>).
/// </summary>
internal static class EventReports
{
    /// <summary>One event a second, as if the receiving server had taken that long.</summary>
    public static IReadOnlyList<Report> Create(Letter letter, EmailFate fate, DateTimeOffset accepted)
    {
        // Several recipients of one personalization have different ids, too.
        var nonce = RandomNumberGenerator.GetHexString(8, lowercase: true);
        var messageId = string.Create(CultureInfo.InvariantCulture, $"{letter.MessageId}.recvd-sandbox-{letter.Index}-{nonce}.0");
        return [.. fate.Events.Select((kind, i) => new Report(kind, Json(letter, fate, kind, messageId, accepted.AddSeconds(i))))];
    }

    private static string Json(Letter letter, EmailFate fate, string kind, string messageId, DateTimeOffset at)
    {
        var values = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal)
        {
            ["email"] = letter.To,
            ["event"] = kind,
            ["sg_event_id"] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{kind}-0-{messageId}")),
            ["sg_message_id"] = messageId,
            ["timestamp"] = at.ToUnixTimeSeconds(),
        };
        if (kind is not (EventKinds.Open or EventKinds.Click or EventKinds.SpamReport or EventKinds.Unsubscribe))
        {
            values["smtp-id"] = $"<{letter.MessageId}@geopod-ismtpd-sandbox>";
        }
        if (letter.Mail.Categories.Count > 0)
        {
            values["category"] = letter.Mail.Categories.Count == 1
                ? letter.Mail.Categories[0]
                : new JsonArray([.. letter.Mail.Categories.Select(c => JsonValue.Create(c))]);
        }
        foreach (var (name, value) in Details(kind, fate.Blocked))
        {
            values[name] = value;
        }
        foreach (var (name, value) in letter.CustomArgs)
        {
            // What SendGrid says itself wins over an argument of the same name.
            values.TryAdd(name, value);
        }
        return new JsonObject(values).ToJsonString(SandboxJson.Options);
    }

    private static Dictionary<string, JsonNode?> Details(string kind, bool blocked) => kind switch
    {
        EventKinds.Deferred => new() { ["attempt"] = "1", ["response"] = "450 4.2.0 try again later" },
        EventKinds.Delivered => new() { ["ip"] = "192.0.2.10", ["response"] = "250 OK", ["tls"] = 1 },
        EventKinds.Dropped => new() { ["reason"] = "Bounced Address", ["status"] = "5.0.0" },
        EventKinds.Bounce when blocked => new()
        {
            ["bounce_classification"] = "Reputation",
            ["ip"] = "192.0.2.10",
            ["reason"] = "554 5.7.1 Service unavailable; sending host is listed",
            ["status"] = "5.7.1",
            ["tls"] = 1,
            ["type"] = "blocked",
        },
        EventKinds.Bounce => new()
        {
            ["bounce_classification"] = "Invalid Address",
            ["ip"] = "192.0.2.10",
            ["reason"] = "550 5.1.1 The email account that you tried to reach does not exist.",
            ["status"] = "5.1.1",
            ["tls"] = 1,
            ["type"] = "bounce",
        },
        EventKinds.Open => new() { ["ip"] = "198.51.100.7", ["sg_machine_open"] = false, ["useragent"] = "Mozilla/5.0" },
        EventKinds.Click => new() { ["ip"] = "198.51.100.7", ["url"] = "https://example.com/", ["useragent"] = "Mozilla/5.0" },
        EventKinds.Unsubscribe => new() { ["ip"] = "198.51.100.7", ["useragent"] = "Mozilla/5.0" },
        _ => [],
    };
}
