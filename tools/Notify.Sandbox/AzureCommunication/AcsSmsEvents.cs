using System.Globalization;
using System.Text.Json.Nodes;
using Notify.Sandbox.Reports;

namespace Notify.Sandbox.AzureCommunication;

/// <summary>
/// The event about a text message (<see href="https://learn.microsoft.com/azure/event-grid/communication-services-telephony-sms-events">sms
/// events</see>).
/// </summary>
internal static class AcsSmsEvents
{
    /// <summary>The one report, by its code; none where there is no code.</summary>
    public static IReadOnlyList<Report> Create(AcsSms sms, string to, string id, int? code, DateTimeOffset at)
    {
        if (code is not { } known)
        {
            return [];
        }
        var kind = known == AcsMagic.Delivered ? AcsReportKinds.Delivered : AcsReportKinds.Failed;
        return [new Report(kind, AcsEvent.Json("SMSDeliveryReportReceived", $"/phonenumber/{to.TrimStart('+')}", at, new JsonObject
        {
            ["messageId"] = id,
            ["from"] = sms.From.TrimStart('+'),
            ["to"] = to,
            ["deliveryStatus"] = kind == AcsReportKinds.Delivered ? "Delivered" : "Failed",
            ["deliveryStatusDetails"] = kind == AcsReportKinds.Delivered
                ? "No error."
                : string.Create(CultureInfo.InvariantCulture, $"ErrorCode: {known}. ErrorMessage: The message to {to} was not delivered."),
            ["receivedTimestamp"] = AcsEvent.Time(at),
            ["deliveryAttempts"] = new JsonArray(
                new JsonObject { ["timestamp"] = AcsEvent.Time(at), ["segmentsSucceeded"] = 1, ["segmentsFailed"] = 0 }),
            ["Tag"] = sms.Tag,
        }))];
    }
}
