using Notify.Functions.Reports;

namespace Notify.Functions.Providers.Twilio;

/// <summary>The facts in a status callback.</summary>
/// <remarks>Values of <c>MessageStatus</c>: <c>https://www.twilio.com/docs/messaging/api/message-resource#message-status-values</c>.</remarks>
internal static class TwilioStatus
{
    /// <summary>The facts: none where the message is still on its way, <see langword="null"/> where the status is not known.</summary>
    public static IReadOnlyList<ProviderReport>? Read(IReadOnlyList<KeyValuePair<string, string>> fields, string? attemptId, DateTimeOffset now)
    {
        var status = fields.Value("MessageStatus") ?? fields.Value("SmsStatus");
        ReportedFact[]? facts = status switch
        {
            "sent" or "partially_delivered" => [ReportedFact.Sent],
            "delivered" => [ReportedFact.Delivered],
            "read" => [ReportedFact.Delivered, ReportedFact.Opened], // What was read has arrived, even if that report is late or lost.
            "undelivered" or "failed" or "canceled" => [ReportedFact.Failed],
            "accepted" or "scheduled" or "queued" or "sending" => [],
            _ => null,
        };
        if (facts is null)
        {
            return null;
        }
        var sid = fields.Value("MessageSid") ?? fields.Value("SmsSid");
        var code = TwilioError.Code(fields.Value("ErrorCode"));
        return [.. facts.Select(fact => new ProviderReport(attemptId, sid, fact, now)
        {
            Detail = fact == ReportedFact.Failed ? $"twilio:{code ?? status}" : null,
            ReportId = sid is null ? null : $"{sid}:{(fact == ReportedFact.Delivered ? "delivered" : status)}",
            Suppress = code == TwilioError.OptedOut,
        })];
    }
}
