using System.Text.Json;
using System.Text.RegularExpressions;
using Notify.Functions.Reports;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>The facts in an event about an email.</summary>
/// <remarks>
/// Events and fields: <c>https://learn.microsoft.com/azure/event-grid/communication-services-email-events</c>. Its texts quote what mail
/// servers write, recipients' addresses too, and are never passed on.
/// </remarks>
internal static partial class AcsEmailEvent
{
    /// <summary>What became of an email; <see langword="null"/> where the status is not known.</summary>
    public static ProviderReport? Delivery(JsonElement item, JsonElement data, DateTimeOffset now)
    {
        var status = data.TextOf("status")?.ToUpperInvariant();
        (ReportedFact Fact, string? Detail, bool Suppress)? known = status switch
        {
            "DELIVERED" => (ReportedFact.Delivered, null, false),
            "EXPANDED" => (ReportedFact.Sent, null, false), // To a distribution list's members.
            "BOUNCED" => (ReportedFact.Bounced, "bounced", true),
            "SUPPRESSED" => (ReportedFact.Failed, "suppressed", true), // It has bounced before, at whoever's sending.
            "FAILED" => (ReportedFact.Failed, "failed", false),
            "QUARANTINED" => (ReportedFact.Failed, "quarantined", false),
            "FILTEREDSPAM" => (ReportedFact.Failed, "filtered-spam", false),
            _ => null,
        };
        return known is not var (fact, detail, suppress) ? null : Report(item, data, fact, "deliveryAttemptTimestamp", now) with
        {
            Detail = detail is null ? null : $"{AcsEmailSender.ProviderName}:{detail}{Code(data)}",
            Suppress = suppress,
        };
    }

    /// <summary>That an email was opened, or a link in it clicked.</summary>
    public static ProviderReport? Engagement(JsonElement item, JsonElement data, DateTimeOffset now)
    {
        ReportedFact? fact = data.TextOf("engagementType")?.ToUpperInvariant() switch
        {
            "VIEW" => ReportedFact.Opened,
            "CLICK" => ReportedFact.Clicked,
            _ => null,
        };
        return fact is { } known ? Report(item, data, known, "userActionTimestamp", now) : null;
    }

    private static ProviderReport Report(JsonElement item, JsonElement data, ReportedFact fact, string time, DateTimeOffset now)
    {
        Guid? message = Guid.TryParseExact(data.TextOf("messageId"), "D", out var id) ? id : null;
        return new ProviderReport(AttemptId: null, message?.ToString(), fact, EventGridTime.Of(item, data, time, now)) { AttemptUuid = message, ReportId = item.TextOf("id") };
    }

    /// <summary>The enhanced status code (RFC 3463) in what the mail server wrote, after a space.</summary>
    private static string Code(JsonElement data) =>
        data.Member("deliveryStatusDetails")?.TextOf("statusMessage") is { } text && EnhancedCode.Match(text) is { Success: true } code ? " " + code.Value : "";

    [GeneratedRegex(@"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EnhancedCode { get; }
}
