using System.Text.Json;
using Notify.Functions.Reports;

namespace Notify.Functions.Providers.SendGrid;

/// <summary>One event of the Event Webhook as a fact.</summary>
/// <remarks>
/// Events and fields: <c>https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event</c>. Its texts (<c>reason</c>,
/// <c>response</c>) quote recipients' addresses and are never passed on.
/// </remarks>
internal static class SendGridEvent
{
    /// <summary>The reasons of a drop as SendGrid documents them.</summary>
    private static readonly HashSet<string> DropReasons = new(StringComparer.OrdinalIgnoreCase)
    {
        "Invalid SMTPAPI header", "Spam Content", "Spam Content (if Spam Checker app is enabled)", "Unsubscribed Address", "Bounced Address",
        "Spam Reporting Address", "Invalid", "Recipient List over Package Quota",
    };

    /// <summary>The fact, or <see langword="null"/> where the item is faulty or says nothing about a message.</summary>
    public static ProviderReport? Read(JsonElement item, DateTimeOffset now)
    {
        var isBlock = Text(item, "type") == "blocked";
        ReportedFact? fact = Text(item, "event") switch
        {
            "processed" or "deferred" => ReportedFact.Sent,
            "delivered" => ReportedFact.Delivered,
            "bounce" => isBlock ? ReportedFact.Failed : ReportedFact.Bounced,
            "dropped" => ReportedFact.Failed,
            "open" => ReportedFact.Opened,
            "click" => ReportedFact.Clicked,
            "spamreport" => ReportedFact.Complained,
            "unsubscribe" or "group_unsubscribe" => ReportedFact.Unsubscribed,
            _ => null, // group_resubscribe and events to come.
        };
        return fact is not { } known ? null : new ProviderReport(AttemptId(item), MessageId(item), known, At(item, now))
        {
            Detail = Detail(item, isBlock),
            ReportId = Text(item, "sg_event_id"),
            Suppress = known is ReportedFact.Bounced or ReportedFact.Complained or ReportedFact.Unsubscribed,
        };
    }

    /// <summary>Our custom argument, flattened into the event.</summary>
    private static string? AttemptId(JsonElement item) => Text(item, SendGridMessage.AttemptArgument) is { Length: > 0 } value ? value : null;

    /// <summary>The request's <c>X-Message-Id</c>: the part before the name of the server that took the recipient.</summary>
    private static string? MessageId(JsonElement item)
    {
        if (Text(item, "sg_message_id") is not { Length: > 0 } id)
        {
            return null;
        }
        var end = id.IndexOf(".filter", StringComparison.Ordinal);
        end = end < 0 ? id.IndexOf(".recvd", StringComparison.Ordinal) : end;
        return end > 0 ? id[..end] : id;
    }

    private static DateTimeOffset At(JsonElement item, DateTimeOffset now) =>
        item.TryGetProperty("timestamp", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
        && seconds is > 0 and < 253_402_300_800 // The year 10000, which a DateTimeOffset cannot name.
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : now;

    private static string? Detail(JsonElement item, bool isBlock)
    {
        switch (Text(item, "event"))
        {
            case "bounce":
                return (isBlock ? "sendgrid:blocked" : "sendgrid:bounce") + (Text(item, "status") is { } status && IsCode(status) ? " " + status : "");
            case "dropped":
                return "sendgrid:dropped" + (Text(item, "reason") is { } reason && DropReasons.TryGetValue(reason, out var known) ? " " + known : "");
            case "deferred":
                var code = Text(item, "response")?.Split(' ', '-')[0];
                return "sendgrid:deferred" + (code?.Length == 3 && IsCode(code) ? " " + code : "");
            default:
                return null;
        }
    }

    /// <summary>An SMTP reply code, or an enhanced status code (RFC 3463) such as <c>5.1.1</c>.</summary>
    private static bool IsCode(string text) => text.Length is > 2 and <= 9 && text.All(c => char.IsAsciiDigit(c) || c == '.');

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
