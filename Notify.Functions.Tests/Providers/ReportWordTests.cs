using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Notify.Functions.Providers;
using Notify.Functions.Providers.AzureCommunication;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Providers.Twilio;
using Notify.Functions.Reports;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers;

/// <summary>
/// The tables of report words in docs/providers.md: they are the code's, and each row is what a webhook makes of such a report.
/// </summary>
public sealed partial class ReportWordTests
{
    private static readonly Dictionary<string, (ReportTable Table, Func<string, string?, WebhookContent> Parse)> Providers =
        new(StringComparer.Ordinal)
        {
            ["SendGrid: reports"] = (SendGridEvent.Table, (word, type) =>
                SendGrid(type is null ? $$"""{"event":"{{word}}"}""" : $$"""{"event":"{{word}}","type":"{{type}}"}""")),
            ["Twilio: reports"] = (TwilioStatus.Table, (word, code) => Twilio($"MessageStatus={word}&ErrorCode={code}")),
            ["Azure Communication Services: reports of email"] = (AcsEmailEvent.Deliveries, (word, _) =>
                EventGrid("EmailDeliveryReportReceived", $$"""{"status":"{{word}}"}""")),
            ["Azure Communication Services: engagement with email"] =
            (AcsEmailEvent.Engagements, (word, _) =>
                EventGrid("EmailEngagementTrackingReportReceived", $$"""{"engagementType":"{{word}}"}""")),
            ["Azure Communication Services: reports of text messages"] =
            (AcsSmsEvent.Table, (word, code) =>
                EventGrid("SMSDeliveryReportReceived", $$"""{"deliveryStatus":"{{word}}","deliveryStatusDetails":"{{code}}"}""")),
        };

    private static readonly Dictionary<ReportEffect, string> Effects = new()
    {
        [ReportEffect.None] = "–",
        [ReportEffect.SuppressAddress] = "address suppressed",
        [ReportEffect.RefuseCategory] = "category refused",
        [ReportEffect.WantCategory] = "category wanted again",
    };

    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var (provider, (table, _)) in Providers)
        {
            foreach (var row in table.Own)
            {
                rows.Add(provider, row.Word);
            }
        }
        return rows;
    }

    /// <summary>Words that no provider has, words of others, words in another form.</summary>
    public static TheoryData<string, string> Strangers()
    {
        string[] words =
        [
            "", " ", "new_in_2030", "unsubscribed", "UNSUBSCRIBE ", "group_unsubscribed", "resubscribe", "spam", "complaint",
            "bounce (bounce)", "failed (21610)", "Failed (4007)", "any (5002)",
            "anything else", "null", "0", "STOP",
        ];
        var rows = new TheoryData<string, string>();
        foreach (var provider in Providers.Keys)
        {
            foreach (var word in words)
            {
                rows.Add(provider, word);
            }
        }
        return rows;
    }

    [Fact]
    public void The_page_has_the_tables_of_the_code()
    {
        var page = Heading().Split(RepositoryRoot.Read("docs", "providers.md")).Skip(1).Chunk(2).ToDictionary(
            section => section[0], section => section[1].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2)
                .ToList(), StringComparer.Ordinal);

        Assert.Equal([Line(ReportTable.NotUnderstood)], page["Every provider: reports"]);
        foreach (var (provider, (table, _)) in Providers)
        {
            Assert.Equal(table.Own.Select(Line), page[provider]);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_report_is_what_its_row_says(string provider, string word)
    {
        var (table, parse) = Providers[provider];
        var row = table.Own.Single(row => row.Word == word);
        var (said, kind) = word.Split(" (") is [var first, var rest] ? (first, rest.TrimEnd(')')) : (word, (string?)null);
        // What a row without a kind is for: SendGrid's bounces have a type.
        kind ??= word == "bounce" ? "new_in_2030" : null;

        var content = parse(said, kind);

        Assert.Equal(row.Facts.Select(fact => (fact, row.Effect)), content.Reports.Select(report => (report.Fact, report.Effect)));
        Assert.Equal(0, content.Ignored);
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public void What_is_not_understood_has_no_effect(string provider, string word)
    {
        var content = Providers[provider].Parse(word, null);

        Assert.Equal((0, 1), (content.Reports.Count, content.Ignored));
    }

    [Fact]
    public void Only_words_that_say_so_suppress_or_choose()
    {
        Assert.Equal(
            [
                "SendGrid: reports: bounce (bounce) SuppressAddress", "SendGrid: reports: group_resubscribe WantCategory",
                "SendGrid: reports: group_unsubscribe RefuseCategory",
                "SendGrid: reports: spamreport SuppressAddress", "SendGrid: reports: unsubscribe SuppressAddress",
                "Twilio: reports: failed (21610) SuppressAddress", "Twilio: reports: undelivered (21610) SuppressAddress",
            ],
            Providers.Where(provider => !provider.Key.StartsWith("Azure", StringComparison.Ordinal))
                .SelectMany(provider => provider.Value.Table.Own.Where(row => row.Effect != ReportEffect.None)
                    .Select(row => $"{provider.Key}: {row.Word} {row.Effect}"))
                .Order(StringComparer.Ordinal));
        Assert.Equal(
            ["Bounced", "Failed (4002)", "Failed (4004)", "Failed (4007)", "Suppressed"],
            Providers.Where(provider => provider.Key.StartsWith("Azure", StringComparison.Ordinal))
                .SelectMany(provider => provider.Value.Table.Own.Where(row => row.Effect != ReportEffect.None).Select(row => row.Word))
                .Order(StringComparer.Ordinal));
    }

    private static string Line(ReportWord row) =>
        $"| `{row.Word}` | {(row.Facts.Count == 0 ? "–" : string.Join(", ", row.Facts.Select(fact => fact.ToString().ToLowerInvariant())))} | {Effects[row.Effect]} | {row.Meaning} |";

    private static WebhookContent SendGrid(string item) =>
        new SendGridWebhook(Options.Create(new SendGridOptions { WebhookKey = "" })).Parse(Request($"[{item}]", "application/json"),
            ProviderApp.Start);

    private static WebhookContent Twilio(string form) =>
        new TwilioWebhook(Options.Create(new TwilioOptions { AuthToken = "token", PublicBaseUrl = "https://notify.example" }))
            .Parse(Request(form, "application/x-www-form-urlencoded"), ProviderApp.Start);

    private static WebhookContent EventGrid(string type, string data) =>
        new AzureCommunicationWebhook(Options.Create(new AzureCommunicationOptions { WebhookKey = "key" }))
            .Parse(Request($$"""[{"eventType":"Microsoft.Communication.{{type}}","data":{{data}}}]""", "application/json"),
                ProviderApp.Start);

    private static WebhookRequest Request(string body, string type) =>
        new("/api/webhooks/x", new Dictionary<string, string>(), type, Encoding.UTF8.GetBytes(body));

    [GeneratedRegex(@"^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
