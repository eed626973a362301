using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Notify.Functions.Ledger;
using Notify.Functions.Providers.AzureCommunication;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Providers.Twilio;
using Notify.Functions.Reports;
using Notify.Functions.Tests.Providers.AzureCommunication;
using Notify.Functions.Tests.Providers.Harness;
using Notify.Functions.Tests.Scenarios;
using Notify.Sandbox.Common;

namespace Notify.Functions.Tests.Providers;

/// <summary>A report that cannot be understood takes none of those beside it along.</summary>
public sealed class FaultyPartTests
{
    private const string Good = """{"event":"delivered","attempt_id":"d~1"}""";

    public static TheoryData<string> Faulty =>
    [
        """{"event":"deferred","response":"421 \ud83d","attempt_id":"d~1"}""",
        """{"event":"bounce","type":"\ud83d","attempt_id":"d~1"}""",
        """{"event":"dropped","reason":"\udc00","attempt_id":"d~1"}""",
        """{"event":"\ud83d"}""",
        """{"\ud83d":"x","event":"deferred","response":"421"}""",
        """{"even\ud83d":"x","event":"open"}""",
        """{"event":"open","attempt_id":"\ud83d","sg_message_id":"\ud83d","sg_event_id":"\ud83d"}""",
        "{\"event\":\"deferred\",\"response\":\"421 J\xF6rg\"}",
        "{\"J\xF6rg\":\"x\",\"event\":\"open\"}",
        """{"event":"open","timestamp":"soon"}""",
        """{"event":"open","timestamp":1e400}""",
        """{"event":["open"],"attempt_id":{}}""",
        "7",
    ];

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Of_SendGrid_s_events_the_good_ones_are_read(string faulty)
    {
        var webhook = new SendGridWebhook(Options.Create(new SendGridOptions { WebhookKey = "" }));

        foreach (var body in new[] { $"[{faulty},{Good}]", $"[{Good},{faulty}]" })
        {
            var content = webhook.Parse(Request(Encoding.Latin1.GetBytes(body)), ProviderApp.Start);
            Assert.Contains(content.Reports, report => report is { Fact: ReportedFact.Delivered, AttemptId: "d~1" });
            Assert.Equal(2, content.Reports.Count + content.Ignored);
        }
    }

    [Theory]
    [InlineData("""{"eventType":"Microsoft.Communication.SMSDeliveryReportReceived","data":{"deliveryStatus":"Failed","deliveryStatusDetails":"\ud83d"}}""")]
    [InlineData("""{"eventType":"\ud83d"}""")]
    [InlineData("""{"\ud83d":1,"eventType":"Microsoft.Communication.EmailDeliveryReportReceived","data":{"\udfff":1,"status":"Failed"}}""")]
    [InlineData("""{"eventType":"Microsoft.Communication.EmailDeliveryReportReceived","data":{"status":"Bounced","messageId":"\ud83d","deliveryStatusDetails":{"statusMessage":"550 \ud83d"}}}""")]
    [InlineData("{\"eventType\":\"Microsoft.Communication.EmailDeliveryReportReceived\",\"data\":{\"status\":\"Failed\",\"deliveryStatusDetails\":{\"statusMessage\":\"550 J\xF6rg\"}}}")]
    [InlineData("""{"eventType":"Microsoft.Communication.EmailEngagementTrackingReportReceived","data":[]}""")]
    public void Of_Event_Grid_s_events_the_good_ones_are_read(string faulty)
    {
        const string Delivered =
            """{"eventType":"Microsoft.Communication.SMSDeliveryReportReceived","data":{"deliveryStatus":"Delivered","tag":"d~1"}}""";
        var webhook = new AzureCommunicationWebhook(
            Options.Create(new AzureCommunicationOptions { WebhookKey = AzureCommunicationAccount.WebhookKey }));

        foreach (var body in new[] { $"[{faulty},{Delivered}]", $"[{Delivered},{faulty}]" })
        {
            var content = webhook.Parse(Request(Encoding.Latin1.GetBytes(body)), ProviderApp.Start);
            Assert.Contains(content.Reports, report => report is { Fact: ReportedFact.Delivered, AttemptId: "d~1" });
            Assert.Equal(2, content.Reports.Count + content.Ignored);
        }
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1601-01-01T00:00:00Z")]
    public void A_time_that_was_never_set_is_not_kept(string time)
    {
        var webhook = new AzureCommunicationWebhook(
            Options.Create(new AzureCommunicationOptions { WebhookKey = AzureCommunicationAccount.WebhookKey }));
        var body = """[{"eventType":"Microsoft.Communication.SMSDeliveryReportReceived","eventTime":"TIME","data":{"deliveryStatus":"Delivered","receivedTimestamp":"TIME"}}]"""
            .Replace("TIME", time, StringComparison.Ordinal);

        Assert.Equal(ProviderApp.Start, Assert.Single(webhook.Parse(Request(Encoding.UTF8.GetBytes(body)), ProviderApp.Start).Reports).At);
    }

    [Theory]
    [InlineData("MessageStatus=delivered&MessageSid=%ED%A0%BD&ErrorCode=%FF")]
    [InlineData("%FF=%FF&MessageStatus=delivered&To=%ED%A0%BD")]
    [InlineData("MessageStatus=delivered&Body=J\xF6rg&%")]
    public void A_status_is_read_beside_fields_that_are_no_text(string form)
    {
        var webhook = new TwilioWebhook(
            Options.Create(new TwilioOptions { AuthToken = "token", PublicBaseUrl = "https://notify.example" }));
        var request = Request(Encoding.Latin1.GetBytes(form)) with
        {
            ContentType = "application/x-www-form-urlencoded",
            Path = "/api/webhooks/twilio?attempt=d~1&x=%FF"
        };

        var report = Assert.Single(webhook.Parse(request, ProviderApp.Start).Reports);

        Assert.Equal((ReportedFact.Delivered, "d~1"), (report.Fact, report.AttemptId));
    }

    [Fact]
    public async Task A_signed_call_with_a_faulty_event_keeps_the_delivery_and_a_message_id_of_any_length_fails_nothing()
    {
        await using var app = await AppHost.StartAsync();
        var id = await app.NotifyAsync(
            """{"type":"alert","priority":"high","recipients":["user_1"],"channels":["email"],"payload":{"title":"Hello","message":"Hello."}}""");
        var view = await app.WaitForAsync("/api/notifications/" + id, seen => AppHost.Deliveries(seen) is [var one]
            && one.GetProperty("status").GetString() is "sent" or "delivered");
        var delivery = AppHost.Deliveries(view)[0].GetProperty("id").GetString();
        Assert.True(AttemptId.TryParse(delivery + "~1", out var attempt));
        var body = """[{"event":"deferred","response":"421 \ud83d","attempt_id":"ATT"},{"event":"delivered","attempt_id":"ATT","sg_message_id":"MESSAGE"},{"event":"click","attempt_id":"ATT"}]"""
            .Replace("ATT", attempt.ToString(), StringComparison.Ordinal)
            .Replace("MESSAGE", new string('m', 70_000), StringComparison.Ordinal);

        using var answer = await app.Http.SendAsync(Signed(Encoding.UTF8.GetBytes(body)));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var after = AppHost.Deliveries(await app.GetAsync("/api/notifications/" + id))[0];
        Assert.Equal("delivered", after.GetProperty("status").GetString());
        Assert.Contains(after.GetProperty("timeline").EnumerateArray(), entry => entry.GetProperty("fact").GetString() == "clicked");
    }

    private static HttpRequestMessage Signed(byte[] body)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(SandboxCredentials.OfThisProcess.SendGridSigningKey, out _);
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString();
        var signature = key.SignData([.. Encoding.ASCII.GetBytes(timestamp), .. body], HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence);
        var request = new HttpRequestMessage(HttpMethod.Post,
            new Uri("/api/webhooks/sendgrid", UriKind.Relative))
        { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(SendGridWebhook.SignatureHeader, Convert.ToBase64String(signature));
        request.Headers.Add(SendGridWebhook.TimestampHeader, timestamp);
        return request;
    }

    private static WebhookRequest Request(byte[] body) =>
        new("/api/webhooks/x", new Dictionary<string, string>(), "application/json", body);
}
