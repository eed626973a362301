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
        "Invalid SMTPAPI header", "Spam Content", "Spam Content (if Spam Checker app is enabled)", "Unsubscribed Address",
        "Bounced Address",
        "Spam Reporting Address", "Invalid", "Recipient List over Package Quota",
    };

    /// <summary>What the events mean; <c>blocked</c> and <c>expired</c> are types of a bounce.</summary>
    /// <remarks>
    /// Groups: <c>https://www.twilio.com/docs/sendgrid/for-developers/sending-email/suppressions</c>. A block rejects the message and "will
    /// not suppress future messages"; expired is a mail that was deferred for 72 hours
    /// (<c>https://www.twilio.com/docs/glossary/expired</c>).
    /// </remarks>
    public static ReportTable Table { get; } = new(
        new("processed", [ReportedFact.Sent], ReportEffect.None, "SendGrid has taken it."),
        new("deferred", [ReportedFact.Sent], ReportEffect.None, "The mail server has put it off; SendGrid tries again for 72 hours."),
        new("delivered", [ReportedFact.Delivered], ReportEffect.None, "The mail server has taken it."),
        new("bounce (bounce)", [ReportedFact.Bounced], ReportEffect.SuppressAddress,
            "The mail server refuses the address. A bounce without a type is one of these."),
        new("bounce (blocked)", [ReportedFact.Failed], ReportEffect.None,
            "The mail server refuses this message, or the sender; the address is kept."),
        new("bounce (expired)", [ReportedFact.Failed], ReportEffect.None, "Deferred for 72 hours, and given up; the address is kept."),
        new("bounce", [ReportedFact.Failed], ReportEffect.None, "A bounce of any other type: it has not arrived, and more is not known."),
        new("dropped", [ReportedFact.Failed], ReportEffect.None, "SendGrid did not send it, for the reason that it gives."),
        new("open", [ReportedFact.Opened], ReportEffect.None, "Opened, maybe by a proxy."),
        new("click", [ReportedFact.Clicked], ReportEffect.None, "A link was clicked."),
        new("spamreport", [ReportedFact.Complained], ReportEffect.SuppressAddress, "The recipient has marked it as spam."),
        new("unsubscribe", [ReportedFact.Unsubscribed], ReportEffect.SuppressAddress,
            "The recipient has unsubscribed from everything of the account."),
        new("group_unsubscribe", [ReportedFact.Unsubscribed], ReportEffect.RefuseCategory,
            "The recipient has unsubscribed from one kind of mail."),
        new("group_resubscribe", [ReportedFact.Resubscribed], ReportEffect.WantCategory, "The recipient takes that back."));

    /// <summary>The fact, or <see langword="null"/> where the item is faulty or says nothing about a message.</summary>
    public static ProviderReport? Read(JsonElement item, DateTimeOffset now)
    {
        var word = Table.Find(item.TextOf("event"), Type(item));
        return word.Facts is not [var fact]
            ? null
            : new ProviderReport(item.TextOf(SendGridMessage.AttemptArgument), MessageId(item), fact, At(item, now))
            {
                Detail = Detail(item),
                ReportId = item.TextOf("sg_event_id"),
                Effect = word.Effect,
            };
    }

    /// <summary>The type of a bounce; other events have none.</summary>
    private static string? Type(JsonElement item) =>
        "bounce".Equals(item.TextOf("event"), StringComparison.OrdinalIgnoreCase) ? item.TextOf("type") ?? "bounce" : null;

    /// <summary>The request's <c>X-Message-Id</c>: the part before the name of the server that took the recipient.</summary>
    private static string? MessageId(JsonElement item)
    {
        if (item.TextOf("sg_message_id") is not { } id)
        {
            return null;
        }
        var end = id.IndexOf(".filter", StringComparison.Ordinal);
        end = end < 0 ? id.IndexOf(".recvd", StringComparison.Ordinal) : end;
        return end > 0 ? id[..end] : id;
    }

    private static DateTimeOffset At(JsonElement item, DateTimeOffset now) =>
        item.Member("timestamp") is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var seconds)
        && seconds is > 0 and < 253_402_300_800 // The year 10000, which a DateTimeOffset cannot name.
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : now;

    private static string? Detail(JsonElement item)
    {
        switch (item.TextOf("event"))
        {
            case "bounce":
                return (Type(item) is "blocked" or "expired" ? "sendgrid:" + Type(item) : "sendgrid:bounce")
                    + (item.TextOf("status") is { } status && IsCode(status) ? " " + status : "");
            case "dropped":
                return "sendgrid:dropped" + (item.TextOf("reason") is { } reason && DropReasons.TryGetValue(reason, out var known)
                    ? " " + known
                    : "");
            case "deferred":
                var code = item.TextOf("response")?.Split(' ', '-')[0];
                return "sendgrid:deferred" + (code?.Length == 3 && IsCode(code) ? " " + code : "");
            default:
                return null;
        }
    }

    /// <summary>An SMTP reply code, or an enhanced status code (RFC 3463) such as <c>5.1.1</c>.</summary>
    private static bool IsCode(string text) => text.Length is > 2 and <= 9 && text.All(c => char.IsAsciiDigit(c) || c == '.');
}
