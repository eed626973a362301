using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Notify.Functions.Ledger;
using Notify.Functions.Providers.AzureCommunication;
using Notify.Functions.Reports;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.AzureCommunication;

public sealed class AzureCommunicationWebhookTests
{
    private const string Path = "/api/webhooks/azure-communication";
    private const string Attempt = AzureCommunicationAccount.Attempt;

    private static readonly DateTimeOffset Now = ProviderApp.Start;
    private static readonly DateTimeOffset At = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly AzureCommunicationWebhook Webhook =
        new(Options.Create(new AzureCommunicationOptions { WebhookKey = AzureCommunicationAccount.WebhookKey }));
    private static readonly IReadOnlyDictionary<string, JsonElement> Rows =
        Vectors.Load("acs_event_grid.json", AzureCommunicationVectors.Events);

    public static TheoryData<string> RowNames =>
        [.. Rows.Values.Where(row => row.Text("method") == "POST").Select(row => row.Text("name"))];

    [Theory]
    [MemberData(nameof(RowNames))]
    public void A_row_of_the_vectors_says_what_it_should(string name)
    {
        var expected = Rows[name].GetProperty("expect");
        var content = Webhook.Parse(Request(Rows[name].GetProperty("body_base64").GetBytesFromBase64()), Now);

        Assert.Equal(0, content.Ignored);
        if (expected.TryGetProperty("json", out var answer))
        {
            Assert.True(JsonElement.DeepEquals(answer, JsonDocument.Parse(content.Answer!).RootElement));
            Assert.Empty(content.Reports);
            return;
        }
        Assert.Null(content.Answer);
        Assert.Equal(expected.TryGetProperty("events", out var count) ? count.GetInt32() : 1, content.Reports.Count);
        var report = content.Reports[0];
        foreach (var fact in (string[])["status", "engagement"])
        {
            if (expected.TryGetProperty(fact, out var value))
            {
                Assert.Equal(value.GetString(), report.Fact.ToString(), ignoreCase: true);
                Assert.Equal(expected.Text("provider_message_id"), report.ProviderMessageId);
            }
        }
        Assert.Equal(expected.TryGetProperty("tag", out var tag) ? tag.GetString() : report.AttemptId, report.AttemptId);
    }

    [Fact]
    public void The_rows_that_a_clone_carries_are_the_official_ones() => Assert.All(Vectors.Rows(AzureCommunicationVectors.Events), row =>
    {
        Assert.Equal("official", Rows[row.Key].Text("origin"));
        foreach (var name in (string[])["method", "body_base64", "expect"])
        {
            Assert.True(JsonElement.DeepEquals(row.Value.GetProperty(name), Rows[row.Key].GetProperty(name)));
        }
    });

    [Theory]
    [InlineData("?key=" + AzureCommunicationAccount.WebhookKey, null, WebhookVerdict.Valid)]
    [InlineData("?a=b&key=" + AzureCommunicationAccount.WebhookKey, null, WebhookVerdict.Valid)]
    [InlineData("", AzureCommunicationAccount.WebhookKey, WebhookVerdict.Valid)]
    [InlineData("", null, WebhookVerdict.Missing)]
    [InlineData("?key=", null, WebhookVerdict.Missing)]
    [InlineData("?code=" + AzureCommunicationAccount.WebhookKey, null, WebhookVerdict.Missing)]
    [InlineData("?key=" + AzureCommunicationAccount.WebhookKey + "0", null, WebhookVerdict.Forged)]
    [InlineData("?key=Webhook-secret-0123456789", null, WebhookVerdict.Forged)]
    [InlineData("?key=" + AzureCommunicationAccount.WebhookKey, "another", WebhookVerdict.Forged)]
    public void Only_who_knows_the_secret_is_heard(string query, string? header, WebhookVerdict verdict)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["aeg-event-type"] = "Notification" };
        if (header is not null)
        {
            headers["x-webhook-key"] = header;
        }
        Assert.Equal(verdict, Webhook.Verify(new WebhookRequest(Path + query, headers, "application/json", "[]"u8.ToArray()), Now));
    }

    [Theory]
    [InlineData("Delivered", ReportedFact.Delivered, null, false)]
    [InlineData("delivered", ReportedFact.Delivered, null, false)]
    [InlineData("Expanded", ReportedFact.Sent, null, false)]
    [InlineData("Bounced", ReportedFact.Bounced, "acs-email:bounced 5.1.1", true)]
    [InlineData("Suppressed", ReportedFact.Failed, "acs-email:suppressed 5.1.1", true)]
    [InlineData("Failed", ReportedFact.Failed, "acs-email:failed 5.1.1", false)]
    [InlineData("Quarantined", ReportedFact.Failed, "acs-email:quarantined 5.1.1", false)]
    [InlineData("FilteredSpam", ReportedFact.Failed, "acs-email:filtered-spam 5.1.1", false)]
    public void A_status_of_an_email_is_a_fact(string status, ReportedFact fact, string? detail, bool suppress)
    {
        var uuid = AttemptUuid.Derive(Attempt);
        var report = Assert.Single(Parse(Event("EmailDeliveryReportReceived",
            $$"""{"messageId":"{{uuid}}","status":"{{status}}","deliveryStatusDetails":{"statusMessage":"550 5.1.1 <a@example.com> unknown at 10.5.1.1"},"deliveryAttemptTimestamp":"2026-03-04T12:00:00Z"}""")).Reports);
        Assert.Equal(
            new ProviderReport(null, uuid.ToString(), fact, At)
            {
                AttemptUuid = uuid,
                Detail = detail,
                ReportId = "event-1",
                Effect = suppress ? ReportEffect.SuppressAddress : ReportEffect.None
            }, report);
    }

    [Theory]
    [InlineData("550 5.1.1 unknown", " 5.1.1")]
    [InlineData("unknown at 10.4.1.1", "")]
    [InlineData("4.1.1.10 said no", "")]
    [InlineData("250 2.0.0 taken", "")]
    [InlineData("DestinationMailboxFull", "")]
    public void Of_what_a_mail_server_wrote_only_its_code_is_told(string message, string code)
    {
        var report = Assert.Single(Parse(
            Event("EmailDeliveryReportReceived",
                $$"""{"status":"Failed","deliveryStatusDetails":{"statusMessage":"{{message}}"} }""")).Reports);
        Assert.Equal("acs-email:failed" + code, report.Detail);
    }

    [Theory]
    [InlineData("view", ReportedFact.Opened)]
    [InlineData("Click", ReportedFact.Clicked)]
    public void Engagement_is_a_fact(string type, ReportedFact fact)
    {
        var uuid = AttemptUuid.Derive(Attempt);
        var report = Assert.Single(Parse(
            Event("EmailEngagementTrackingReportReceived",
                $$"""{"messageId":"{{uuid}}","engagementType":"{{type}}","userActionTimeStamp":"2026-03-04T13:00:00+01:00"}""")).Reports);
        Assert.Equal(new ProviderReport(null, uuid.ToString(), fact, At) { AttemptUuid = uuid, ReportId = "event-1" }, report);
    }

    [Theory]
    [InlineData("Delivered", "No error.", ReportedFact.Delivered, null, false)]
    [InlineData("Failed", "ErrorCode: 4007. ErrorMessage: Opted out.", ReportedFact.Failed, "acs-sms:4007", true)]
    [InlineData("Failed", "4004", ReportedFact.Failed, "acs-sms:4004", true)]
    [InlineData("failed", "errorcode:4002", ReportedFact.Failed, "acs-sms:4002", true)]
    [InlineData("Failed", "ErrorCode: 4005", ReportedFact.Failed, "acs-sms:4005", false)]
    [InlineData("Failed", "ErrorCode: 4006", ReportedFact.Failed, "acs-sms:4006", false)]
    [InlineData("Failed", "ErrorCode: 9999", ReportedFact.Failed, "acs-sms:9999", false)]
    [InlineData("Failed", "15125550100 is unknown", ReportedFact.Failed, "acs-sms:failed", false)]
    [InlineData("Failed", "ErrorCode: 5002. Carrier does not support delivery report", ReportedFact.Sent, null, false)]
    [InlineData("Unknown", "ErrorCode: 5002.", ReportedFact.Sent, null, false)]
    public void A_status_of_a_text_message_is_a_fact(string status, string details, ReportedFact fact, string? detail, bool suppress)
    {
        var report = Assert.Single(Parse(Event("SMSDeliveryReportReceived",
            $$"""{"messageId":"Outgoing_1","deliveryStatus":"{{status}}","deliveryStatusDetails":"{{details}}","receivedTimestamp":"2026-03-04T12:00:00Z","Tag":"{{Attempt}}"}""")).Reports);
        Assert.Equal(new ProviderReport(Attempt, "Outgoing_1", fact, At)
        {
            Detail = detail,
            ReportId = "event-1",
            Effect = suppress
            ? ReportEffect.SuppressAddress : ReportEffect.None
        }, report);
    }

    [Theory]
    [InlineData("EmailDeliveryReportReceived", """{"messageId":"00000000-0000-0000-0000-000000000000","status":"InTheYear2030"}""")]
    [InlineData("EmailDeliveryReportReceived", """[]""")]
    [InlineData("EmailEngagementTrackingReportReceived", """{"engagementType":"forward"}""")]
    [InlineData("SMSDeliveryReportReceived", """{"deliveryStatus":"Queued"}""")]
    [InlineData("SMSReceived", """{"message":"STOP"}""")]
    public void What_is_not_understood_is_counted(string type, string data) => Assert.Equal((0, 1), Counts(Parse(Event(type, data))));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("""[{"eventType":"Microsoft.Communication.EmailDeliveryReportReceived"}]""")]
    public void What_is_no_event_is_counted(string body) => Assert.Equal((0, 1), Counts(Parse(body)));

    [Fact]
    public void A_time_that_is_missing_is_the_events_and_then_ours()
    {
        const string Data = """{"messageId":"m","deliveryStatus":"Delivered"}""";
        Assert.Equal(
            [At, At, Now],
            ((string[])[$$""","eventTime":"2026-03-04T12:00:00Z" """, $$""","time":"2026-03-04T12:00:00" """, """,  "time":"soon" """])
                .Select(time => Assert.Single(Parse(
                    $$"""{"type":"Microsoft.Communication.SMSDeliveryReportReceived","data":{{Data}}{{time}}}""").Reports).At));
    }

    private static (int Reports, int Ignored) Counts(WebhookContent content) => (content.Reports.Count, content.Ignored);

    private static string Event(string type, string data) =>
        string.Create(CultureInfo.InvariantCulture,
            $$"""[{"id":"event-1","eventType":"Microsoft.Communication.{{type}}","data":{{data}},"eventTime":"2026-03-05T12:00:00Z"}]""");

    private static WebhookContent Parse(string body) => Webhook.Parse(Request(Encoding.UTF8.GetBytes(body)), Now);

    private static WebhookRequest Request(byte[] body) => new(Path, new Dictionary<string, string>(), "application/json", body);
}
