using System.Globalization;
using System.Net;
using Notify.Sandbox.Reports;

namespace Notify.Sandbox.Twilio;

/// <summary>
/// The forms of status callbacks
/// (<see href="https://www.twilio.com/docs/messaging/guides/track-outbound-message-status#handle-status-callback-requests">parameters</see>).
/// </summary>
internal static class StatusReports
{
    /// <summary>One report a kind; the error code belongs to the last.</summary>
    public static IReadOnlyList<Report> Create(
        TwilioMessage message, string sid, string account, IReadOnlyList<string> kinds, int? errorCode, DateTimeOffset now) =>
        [.. kinds.Select((kind, i) => new Report(kind, Form(message, sid, account, kind, i == kinds.Count - 1 ? errorCode : null, now))
        {
            Url = message.StatusCallback,
        })];

    private static string Form(TwilioMessage message, string sid, string account, string kind, int? errorCode, DateTimeOffset now)
    {
        var pairs = new List<KeyValuePair<string, string>>
        {
            new("SmsSid", sid),
            new("SmsStatus", kind),
            new("MessageStatus", kind),
            new("To", message.To!),
            new("MessageSid", sid),
            new("AccountSid", account),
            new("From", message.From ?? ""),
            new("ApiVersion", TwilioMessageResource.ApiVersion),
        };
        if (message.MessagingServiceSid is { } service)
        {
            pairs.Add(new("MessagingServiceSid", service));
        }
        if (kind is StatusKinds.Delivered or StatusKinds.Undelivered)
        {
            // What the carrier wrote, in its own form (YYMMDDhhmm).
            pairs.Add(new("RawDlrDoneDate", now.ToString("yyMMddHHmm", CultureInfo.InvariantCulture)));
        }
        if (errorCode is { } code)
        {
            pairs.Add(new("ErrorCode", code.ToString(CultureInfo.InvariantCulture)));
        }
        return string.Join('&', pairs.Select(p => $"{WebUtility.UrlEncode(p.Key)}={WebUtility.UrlEncode(p.Value)}"));
    }
}
