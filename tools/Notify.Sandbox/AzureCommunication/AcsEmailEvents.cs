using System.Text.Json.Nodes;
using Notify.Sandbox.Reports;

namespace Notify.Sandbox.AzureCommunication;

/// <summary>
/// The events about an email (<see href="https://learn.microsoft.com/azure/event-grid/communication-services-email-events">email
/// events</see>).
/// </summary>
internal static class AcsEmailEvents
{
    /// <summary>One event a kind, a second between two.</summary>
    public static IReadOnlyList<Report> Create(string sender, string to, string id, IReadOnlyList<string> kinds, DateTimeOffset accepted) =>
        [.. kinds.Select((kind, n) => new Report(kind, Json(sender, to, id, kind, accepted.AddSeconds(n))))];

    private static string Json(string sender, string to, string id, string kind, DateTimeOffset at)
    {
        var subject = $"sender/{sender}/message/{id}";
        if (kind is AcsReportKinds.View or AcsReportKinds.Click)
        {
            return AcsEvent.Json("EmailEngagementTrackingReportReceived", subject, at, new JsonObject
            {
                ["sender"] = sender,
                ["recipient"] = to,
                ["messageId"] = id,
                ["userActionTimeStamp"] = AcsEvent.Time(at),
                ["engagementContext"] = kind == AcsReportKinds.Click ? "https://example.com/" : "",
                ["userAgent"] = "Mozilla/5.0",
                ["engagementType"] = kind,
            });
        }
        var data = new JsonObject
        {
            ["sender"] = sender,
            ["recipient"] = to,
            ["messageId"] = id,
            ["status"] = char.ToUpperInvariant(kind[0]) + kind[1..],
            ["deliveryAttemptTimeStamp"] = AcsEvent.Time(at),
        };
        if (kind is AcsReportKinds.Bounced or AcsReportKinds.Failed)
        {
            data["deliveryStatusDetails"] = new JsonObject
            {
                ["statusMessage"] = kind == AcsReportKinds.Bounced
                    ? $"550 5.1.1 <{to}> does not exist." : "554 5.7.1 Service unavailable; sending host is listed",
            };
        }
        return AcsEvent.Json("EmailDeliveryReportReceived", subject, at, data);
    }
}
