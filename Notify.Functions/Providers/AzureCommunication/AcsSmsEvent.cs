using System.Text.Json;
using System.Text.RegularExpressions;
using Notify.Functions.Reports;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>The facts in an event about a text message.</summary>
/// <remarks>
/// Events and fields: <c>https://learn.microsoft.com/azure/event-grid/communication-services-telephony-sms-events</c>; codes:
/// <c>https://learn.microsoft.com/azure/communication-services/resources/troubleshooting/voice-video-calling/troubleshooting-codes</c>.
/// </remarks>
internal static partial class AcsSmsEvent
{
    /// <summary>The carrier tells nothing of what it was given.</summary>
    private const string NoReceipt = "5002";

    /// <summary>What became of a text message; <see langword="null"/> where the status is not known.</summary>
    public static ProviderReport? Delivery(JsonElement item, JsonElement data, DateTimeOffset now)
    {
        var code = data.TextOf("deliveryStatusDetails") is { } details && ErrorCode.Match(details) is { Success: true } match ? match.Groups[1].Value : null;
        ReportedFact? fact = data.TextOf("deliveryStatus")?.ToUpperInvariant() switch
        {
            "DELIVERED" => ReportedFact.Delivered,
            not null when code == NoReceipt => ReportedFact.Sent,
            "FAILED" => ReportedFact.Failed,
            _ => null,
        };
        return fact is not { } known ? null : new ProviderReport(data.TextOf("tag"), data.TextOf("messageId"), known, EventGridTime.Of(item, data, "receivedTimestamp", now))
        {
            Detail = known == ReportedFact.Failed ? $"{AcsSmsSender.ProviderName}:{code ?? "failed"}" : null,
            ReportId = item.TextOf("id"),
            Suppress = known == ReportedFact.Failed && code is "4002" or "4004" or "4007", // No number, nobody's number, opted out.
        };
    }

    /// <summary>Four digits where the code stands, with the word before it or without; anything longer might be a phone number.</summary>
    [GeneratedRegex(@"^\s*(?:ErrorCode:\s*)?(\d{4})(?!\d)", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ErrorCode { get; }
}
