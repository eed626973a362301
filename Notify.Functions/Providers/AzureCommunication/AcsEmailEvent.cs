using System.Collections.Frozen;
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
    /// <summary>The detail that stands with a status in reasons; the others have none.</summary>
    private static readonly FrozenDictionary<string, string> Details = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Bounced"] = "bounced",
        ["Suppressed"] = "suppressed",
        ["Failed"] = "failed",
        ["Quarantined"] = "quarantined",
        ["FilteredSpam"] = "filtered-spam",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the statuses of deliveries mean.</summary>
    public static ReportTable Deliveries { get; } = new(
        new("Delivered", [ReportedFact.Delivered], ReportEffect.None, "The mail server has taken it."),
        new("Expanded", [ReportedFact.Sent], ReportEffect.None, "It goes to the members of a distribution list."),
        new("Bounced", [ReportedFact.Bounced], ReportEffect.SuppressAddress, "The mail server refuses the address for good."),
        new("Suppressed", [ReportedFact.Failed], ReportEffect.SuppressAddress, "The address has bounced before, at whoever's sending."),
        new("Failed", [ReportedFact.Failed], ReportEffect.None, "It was not delivered; the address is kept."),
        new("Quarantined", [ReportedFact.Failed], ReportEffect.None, "The receiving side holds it back as spam, bulk or phishing."),
        new("FilteredSpam", [ReportedFact.Failed], ReportEffect.None, "It was taken for spam, and refused."));

    /// <summary>What the types of engagement mean.</summary>
    public static ReportTable Engagements { get; } = new(
        new("view", [ReportedFact.Opened], ReportEffect.None, "Opened, maybe by a proxy."),
        new("click", [ReportedFact.Clicked], ReportEffect.None, "A link was clicked."));

    /// <summary>What became of an email; <see langword="null"/> where the status is not known.</summary>
    public static ProviderReport? Delivery(JsonElement item, JsonElement data, DateTimeOffset now)
    {
        var word = Deliveries.Find(data.TextOf("status"));
        return word.Facts is not [var fact]
            ? null
            : Report(item, data, fact, "deliveryAttemptTimestamp", now) with
            {
                Detail = Details.TryGetValue(word.Word, out var detail) ? $"{AcsEmailSender.ProviderName}:{detail}{Code(data)}" : null,
                Effect = word.Effect,
            };
    }

    /// <summary>That an email was opened, or a link in it clicked.</summary>
    public static ProviderReport? Engagement(JsonElement item, JsonElement data, DateTimeOffset now) =>
        Engagements.Find(data.TextOf("engagementType")).Facts is [var fact] ? Report(item, data, fact, "userActionTimestamp", now) : null;

    private static ProviderReport Report(JsonElement item, JsonElement data, ReportedFact fact, string time, DateTimeOffset now)
    {
        Guid? message = Guid.TryParseExact(data.TextOf("messageId"), "D", out var id) ? id : null;
        return new ProviderReport(AttemptId: null, message?.ToString(), fact, EventGridTime.Read(item, data, time, now))
        {
            AttemptUuid = message,
            ReportId = item.TextOf("id"),
        };
    }

    /// <summary>The enhanced status code (RFC 3463) in what the mail server wrote, after a space.</summary>
    private static string Code(JsonElement data) =>
        data.Member("deliveryStatusDetails")?.TextOf("statusMessage") is { } text && EnhancedCode.Match(text) is { Success: true } code
            ? " " + code.Value : "";

    [GeneratedRegex(@"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EnhancedCode { get; }
}
