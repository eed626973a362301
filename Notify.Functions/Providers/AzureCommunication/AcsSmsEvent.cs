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
    /// <summary>The carrier tells nothing of what it was given, whatever the status says.</summary>
    private const string NoReceipt = "5002";

    private const string AnyStatus = "any";

    /// <summary>What the statuses mean, with the code that stands with them.</summary>
    public static ReportTable Table { get; } = new(
        new("Delivered", [ReportedFact.Delivered], ReportEffect.None, "The handset has it."),
        new("Failed (4002)", [ReportedFact.Failed], ReportEffect.SuppressAddress, "Not a valid number."),
        new("Failed (4004)", [ReportedFact.Failed], ReportEffect.SuppressAddress, "Nobody's number."),
        new("Failed (4007)", [ReportedFact.Failed], ReportEffect.SuppressAddress, "The recipient has opted out."),
        new("Failed", [ReportedFact.Failed], ReportEffect.None, "It was not delivered; the number is kept."),
        new($"{AnyStatus} ({NoReceipt})", [ReportedFact.Sent], ReportEffect.None, "The carrier has it, and tells no more."));

    /// <summary>What became of a text message; <see langword="null"/> where the status is not known.</summary>
    public static ProviderReport? Delivery(JsonElement item, JsonElement data, DateTimeOffset now)
    {
        var code = data.TextOf("deliveryStatusDetails") is { } details && ErrorCode.Match(details) is { Success: true } match
            ? match.Groups[1].Value : null;
        var status = data.TextOf("deliveryStatus");
        var word = status is not null && code == NoReceipt && !status.Equals("Delivered", StringComparison.OrdinalIgnoreCase)
            ? Table.Find(AnyStatus, code)
            : Table.Find(status, code);
        return word.Facts is not [var fact]
            ? null
            : new ProviderReport(data.TextOf("tag"), data.TextOf("messageId"), fact,
                EventGridTime.Read(item, data, "receivedTimestamp", now))
            {
                Detail = fact == ReportedFact.Failed ? $"{AcsSmsSender.ProviderName}:{code ?? "failed"}" : null,
                ReportId = item.TextOf("id"),
                Effect = word.Effect,
            };
    }

    /// <summary>Four digits where the code stands, with the word before it or without; anything longer might be a phone number.</summary>
    [GeneratedRegex(@"^\s*(?:ErrorCode:\s*)?(\d{4})(?!\d)", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ErrorCode { get; }
}
