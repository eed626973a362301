using System.Text;
using Microsoft.Extensions.Options;
using Notify.Functions.Providers.Twilio;
using Notify.Functions.Reports;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.Twilio;

public sealed class TwilioStatusTests
{
    private static readonly DateTimeOffset Now = ProviderApp.Start;

    [Theory]
    [InlineData("accepted", 0)]
    [InlineData("scheduled", 0)]
    [InlineData("queued", 0)]
    [InlineData("sending", 0)]
    [InlineData("new_in_2030", 1)]
    [InlineData("", 1)]
    public void A_message_on_its_way_is_no_fact_and_an_unknown_status_is_counted(string status, int ignored)
    {
        var content = Parse($"MessageSid=SM1&MessageStatus={status}");
        Assert.Equal((0, ignored), (content.Reports.Count, content.Ignored));
    }

    [Theory]
    [InlineData("sent", ReportedFact.Sent, null)]
    [InlineData("partially_delivered", ReportedFact.Sent, null)]
    [InlineData("delivered", ReportedFact.Delivered, null)]
    [InlineData("undelivered", ReportedFact.Failed, "twilio:undelivered")]
    [InlineData("failed", ReportedFact.Failed, "twilio:failed")]
    [InlineData("canceled", ReportedFact.Failed, "twilio:canceled")]
    public void A_status_is_a_fact(string status, ReportedFact fact, string? detail)
    {
        var report = Assert.Single(Parse($"SmsStatus=sent&MessageStatus={status}&MessageSid=SM1").Reports);
        Assert.Equal(new ProviderReport("d~1", "SM1", fact, Now) { Detail = detail, ReportId = $"SM1:{status}" }, report);
    }

    [Fact]
    public void What_was_read_has_arrived() => Assert.Equal(
        [
            new ProviderReport("d~1", "SM1", ReportedFact.Delivered, Now) { ReportId = "SM1:delivered" },
            new ProviderReport("d~1", "SM1", ReportedFact.Opened, Now) { ReportId = "SM1:read" },
        ],
        Parse("MessageStatus=read&MessageSid=SM1").Reports);

    [Theory]
    [InlineData("30003", "twilio:30003", false)]
    [InlineData("21610", "twilio:21610", true)]
    [InlineData("%2B15125550100", "twilio:undelivered", false)]
    [InlineData("", "twilio:undelivered", false)]
    public void The_error_code_is_the_detail_and_an_opt_out_suppresses(string code, string detail, bool suppress)
    {
        var report = Assert.Single(Parse($"MessageStatus=undelivered&ErrorCode={code}&To=%2B15125550100").Reports);
        Assert.Equal((detail, suppress), (report.Detail, report.Effect == ReportEffect.SuppressAddress));
    }

    [Fact]
    public void The_old_names_are_read_and_a_call_without_an_attempt_too()
    {
        var report = Assert.Single(Parse("SmsStatus=delivered&SmsSid=SM1", "/api/webhooks/twilio").Reports);
        Assert.Equal((null, "SM1", ReportedFact.Delivered), (report.AttemptId, report.ProviderMessageId, report.Fact));
    }

    [Fact]
    public void The_realistic_callbacks_have_the_proposed_facts()
    {
        if (Vectors.Shared("twilio_request_validator.json") is not { } path)
        {
            return; // The rows above are the same statuses.
        }
        foreach (var row in Vectors.Rows(File.ReadAllText(path)).Values.Where(row => row.TryGetProperty("proposed_status", out _)))
        {
            var facts = Parse(Encoding.UTF8.GetString(row.GetProperty("body_base64").GetBytesFromBase64())).Reports.Select(report =>
                report.Fact);
            ReportedFact[] expected = row.Text("proposed_status").Split('(')[0] switch
            {
                "pending" => [],
                "sent" => [ReportedFact.Sent],
                "delivered" => [ReportedFact.Delivered],
                "failed" => [ReportedFact.Failed],
                "opened" => [ReportedFact.Delivered, ReportedFact.Opened],
                var other => throw new InvalidOperationException(other),
            };
            Assert.Equal(expected, facts);
        }
    }

    private static WebhookContent Parse(string form, string path = "/api/webhooks/twilio?attempt=d%7E1")
    {
        var webhook = new TwilioWebhook(
            Options.Create(new TwilioOptions { AuthToken = "token", PublicBaseUrl = "https://notify.example" }));
        return webhook.Parse(new WebhookRequest(path, new Dictionary<string, string>(), "application/x-www-form-urlencoded",
            Encoding.ASCII.GetBytes(form)), Now);
    }
}
