using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Reports;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.SendGrid;

public sealed class SendGridEventTests
{
    private static readonly DateTimeOffset Now = ProviderApp.Start;

    [Theory]
    [InlineData("""{"event":"processed"}""", ReportedFact.Sent, false, null)]
    [InlineData("""{"event":"deferred","response":"400 try again later, bob@example.com"}""", ReportedFact.Sent, false,
        "sendgrid:deferred 400")]
    [InlineData("""{"event":"delivered","response":"250 OK"}""", ReportedFact.Delivered, false, null)]
    [InlineData("""{"event":"bounce","type":"bounce","status":"5.1.1","reason":"550 no bob@example.com here"}""", ReportedFact.Bounced,
        true, "sendgrid:bounce 5.1.1")]
    [InlineData("""{"event":"bounce","reason":"500 unknown recipient","status":"bob@example.com"}""", ReportedFact.Bounced, true,
        "sendgrid:bounce")]
    [InlineData("""{"event":"bounce","type":"blocked","status":"5.7.1"}""", ReportedFact.Failed, false, "sendgrid:blocked 5.7.1")]
    [InlineData("""{"event":"dropped","reason":"Bounced Address"}""", ReportedFact.Failed, false, "sendgrid:dropped Bounced Address")]
    [InlineData("""{"event":"dropped","reason":"bob@example.com is invalid"}""", ReportedFact.Failed, false, "sendgrid:dropped")]
    [InlineData("""{"event":"open"}""", ReportedFact.Opened, false, null)]
    [InlineData("""{"event":"click","url":"https://app.example"}""", ReportedFact.Clicked, false, null)]
    [InlineData("""{"event":"spamreport"}""", ReportedFact.Complained, true, null)]
    [InlineData("""{"event":"bounce","type":"expired","status":"4.2.2"}""", ReportedFact.Failed, false, "sendgrid:expired 4.2.2")]
    [InlineData("""{"event":"bounce","type":"new_in_2030","status":"5.0.0"}""", ReportedFact.Failed, false, "sendgrid:bounce 5.0.0")]
    [InlineData("""{"event":"unsubscribe"}""", ReportedFact.Unsubscribed, true, null)]
    public void An_event_is_a_fact(string json, ReportedFact fact, bool suppress, string? detail)
    {
        var item = json.Replace("{\"event\"",
            """{"attempt":"5","attempt_id":"d~1","timestamp":1513299569,"sg_event_id":"e1","sg_message_id":"m1.filter0001.16648.5515E0B88.0","email":"bob@example.com","event" """.TrimEnd(), StringComparison.Ordinal);
        var report = Assert.Single(Parse($"[{item}]").Reports);
        Assert.Equal(
            new ProviderReport("d~1", "m1", fact, DateTimeOffset.FromUnixTimeSeconds(1513299569))
            {
                Detail = detail,
                ReportId = "e1",
                Effect = suppress ? ReportEffect.SuppressAddress : ReportEffect.None
            },
            report);
    }

    [Fact]
    public void The_official_samples_have_the_proposed_facts()
    {
        if (Vectors.Shared("sendgrid_event_samples.json") is not { } path)
        {
            return; // The rows above are the same events.
        }
        using var samples = JsonDocument.Parse(File.ReadAllText(path));
        foreach (var sample in samples.RootElement.GetProperty("events").EnumerateArray())
        {
            var reports = Parse($"[{sample.GetProperty("payload").GetRawText()}]").Reports;
            var expected = sample.Text("proposed_status").Split(' ', '(')[0] switch
            {
                "sent" => ReportedFact.Sent,
                "delivered" => ReportedFact.Delivered,
                "failed" => ReportedFact.Failed,
                "bounced" => ReportedFact.Bounced,
                "opened" => ReportedFact.Opened,
                "clicked" => ReportedFact.Clicked,
                "spam_complaint" => ReportedFact.Complained,
                "unsubscribed" => ReportedFact.Unsubscribed,
                "no_status_change" => ReportedFact.Resubscribed, // It changes what is sent later.
                var other => throw new InvalidOperationException(other),
            };
            Assert.Equal(expected, Assert.Single(reports).Fact);
        }
        var whole = Parse(samples.RootElement.GetProperty("raw_file").GetProperty("body_base64").GetBytesFromBase64());
        Assert.Equal((11, 0), (whole.Reports.Count, whole.Ignored));
    }

    [Fact]
    public void Faulty_items_are_counted_and_the_others_read()
    {
        var content = Parse(
            """[1,null,"x",[],{},{"event":7},{"event":"bounce (bounce)"},{"event":"new_in_2030"},{"event":"delivered","attempt_id":"d~1","timestamp":"soon"}]""");
        Assert.Equal(8, content.Ignored);
        Assert.Equal(new ProviderReport("d~1", null, ReportedFact.Delivered, Now), Assert.Single(content.Reports));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("[{\"event\":\"delivered\"}")]
    [InlineData("[{\"event\":\"delivered\"}]x")]
    public void A_body_that_is_no_list_of_events_is_one_faulty_item(string body)
    {
        var content = Parse(body);
        Assert.Equal((0, 1), (content.Reports.Count, content.Ignored));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("\"\"")]
    [InlineData("{}")]
    public void An_event_without_a_readable_attempt_id_is_read_all_the_same(string value) =>
        Assert.Null(Assert.Single(Parse($$"""[{"event":"deferred","attempt":"5","attempt_id":{{value}} }]""").Reports).AttemptId);

    [Theory]
    [InlineData("LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0", "LRzXl_NHStOGhQ4kofSm_A")]
    [InlineData("14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0", "14c5d75ce93.dfd.64b469")]
    [InlineData("LRzXl_NHStOGhQ4kofSm_A.recvd-canary-754b4cd-1", "LRzXl_NHStOGhQ4kofSm_A")]
    [InlineData("sg_message_id", "sg_message_id")]
    public void The_message_id_is_that_of_the_request(string reported, string expected) =>
        Assert.Equal(expected, Assert.Single(Parse($$"""[{"event":"open","sg_message_id":"{{reported}}"}]""").Reports).ProviderMessageId);

    [Theory]
    [InlineData("-1")]
    [InlineData("253402300800")]
    [InlineData("1e99")]
    public void An_impossible_time_is_now(string timestamp) =>
        Assert.Equal(Now, Assert.Single(Parse($$"""[{"event":"open","timestamp":{{timestamp}}}]""").Reports).At);

    private static WebhookContent Parse(string body) => Parse(Encoding.UTF8.GetBytes(body));

    private static WebhookContent Parse(byte[] body)
    {
        var webhook = new SendGridWebhook(Options.Create(new SendGridOptions { WebhookKey = "" }));
        return webhook.Parse(new WebhookRequest("/api/webhooks/sendgrid", new Dictionary<string, string>(), "application/json", body), Now);
    }
}
