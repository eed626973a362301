using Notify.Functions.Reports;

namespace Notify.Functions.Providers.Twilio;

/// <summary>The facts in a status callback.</summary>
/// <remarks>Values of <c>MessageStatus</c>:
/// <c>https://www.twilio.com/docs/messaging/api/message-resource#message-status-values</c>.</remarks>
internal static class TwilioStatus
{
    /// <summary>What the statuses mean, with the error code that stands with them.</summary>
    public static ReportTable Table { get; } = new(
        new("accepted", [], ReportEffect.None, "On its way."),
        new("scheduled", [], ReportEffect.None, "On its way."),
        new("queued", [], ReportEffect.None, "On its way."),
        new("sending", [], ReportEffect.None, "On its way."),
        new("sent", [ReportedFact.Sent], ReportEffect.None, "The carrier has taken it."),
        new("partially_delivered", [ReportedFact.Sent], ReportEffect.None, "Some of its parts have arrived."),
        new("delivered", [ReportedFact.Delivered], ReportEffect.None, "The handset has it."),
        new("read", [ReportedFact.Delivered, ReportedFact.Opened], ReportEffect.None,
            "Read, and so it has arrived, even if that report is late or lost."),
        new($"undelivered ({TwilioError.OptedOut})", [ReportedFact.Failed], ReportEffect.SuppressAddress,
            "The recipient has replied STOP."),
        new("undelivered", [ReportedFact.Failed], ReportEffect.None, "The carrier has not delivered it; the number is kept."),
        new($"failed ({TwilioError.OptedOut})", [ReportedFact.Failed], ReportEffect.SuppressAddress, "The recipient has replied STOP."),
        new("failed", [ReportedFact.Failed], ReportEffect.None, "It was not sent; the number is kept."),
        new("canceled", [ReportedFact.Failed], ReportEffect.None, "It was withdrawn at Twilio."));

    /// <summary>The facts: none where the message is still on its way, <see langword="null"/> where the status is not known.</summary>
    public static IReadOnlyList<ProviderReport>? Read(
        IReadOnlyList<KeyValuePair<string, string>> fields, string? attemptId, DateTimeOffset now)
    {
        var status = fields.Value("MessageStatus") ?? fields.Value("SmsStatus");
        var code = TwilioError.Code(fields.Value("ErrorCode"));
        var word = Table.Find(status, code);
        if (word == ReportTable.NotUnderstood)
        {
            return null;
        }
        var sid = fields.Value("MessageSid") ?? fields.Value("SmsSid");
        return [.. word.Facts.Select(fact => new ProviderReport(attemptId, sid, fact, now)
        {
            Detail = fact == ReportedFact.Failed ? $"twilio:{code ?? status}" : null,
            ReportId = sid is null ? null : $"{sid}:{(fact == ReportedFact.Delivered ? "delivered" : status)}",
            Effect = word.Effect,
        })];
    }
}
