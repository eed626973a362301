using System.Text;
using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Providers.AzureCommunication;
using Notify.Functions.Providers.Fcm;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Providers.Twilio;
using Notify.Functions.Reports;
using Notify.Functions.Tests.Providers.AzureCommunication;
using Notify.Functions.Tests.Providers.Fcm;
using Notify.Functions.Tests.Providers.Harness;
using Notify.Functions.Tests.Providers.SendGrid;
using Notify.Functions.Tests.Providers.Twilio;

namespace Notify.Functions.Tests.Providers;

/// <summary>Whatever a provider writes into whichever field, no address, payload or secret gets into a result, a report or a log.</summary>
public sealed class SecrecyTests
{
    private static readonly string[] Private =
        ["bob@example.com", "+15125550100", "15125550100", "DEVICE_TOKEN_ABC", "device:abc", "a payload", SendGridAccount.ApiKey,
            TwilioAccount.AuthToken, AzureCommunicationAccount.AccessKey, AzureCommunicationAccount.WebhookKey, "ya29.token",
            "PRIVATE KEY"];

    private static readonly int[] Statuses = [200, 400, 401, 404, 409, 429, 500, 502, 503];

    public static TheoryData<string> Providers => ["sendgrid", "twilio", "fcm", "acs-email", "acs-sms"];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Nothing_private_is_in_a_result_or_a_log(string provider)
    {
        ProviderReply reply = new(200);
        await using var server = await ProviderServer.StartAsync(request => request.Target == "/token"
            ? new ProviderReply(200, FcmProject.Granted) : reply);
        using var app = provider switch
        {
            "sendgrid" => new ProviderApp(SendGridAccount.Settings(server.Address), builder => builder.AddSendGrid(inUse: true)),
            "twilio" => new ProviderApp(TwilioAccount.Settings(server.Address), builder => builder.AddTwilio(inUse: true)),
            "acs-email" => new ProviderApp(AzureCommunicationAccount.Settings(server.Address), builder =>
                builder.AddAzureCommunication(sendsEmail: true, sendsSms: false)),
            "acs-sms" => new ProviderApp(AzureCommunicationAccount.Settings(server.Address), builder =>
                builder.AddAzureCommunication(sendsEmail: false, sendsSms: true)),
            _ => new ProviderApp(FcmProject.Settings(server.Address, FcmProject.Credentials($"{server.Address}/token")), builder =>
                builder.AddFcm(inUse: true)),
        };
        var request = Requests.Alert(Requests.To(AzureCommunicationAccount.Attempt, "bob@example.com")) with
        {
            Content = new MessageContent(
            "a payload", "a payload")
        };
        foreach (var body in Private.SelectMany(Bodies))
        {
            foreach (var status in Statuses.Where(status => status >= 300))
            {
                reply = new ProviderReply(status, body);
                AssertSilent(Assert.Single(await app.Sender.SendAsync(request, CancellationToken.None)).ToString());
            }
        }
        Assert.All(app.Log.Lines, AssertSilent);
    }

    [Fact]
    public async Task Nothing_private_is_in_what_the_token_endpoint_leaves_behind()
    {
        await using var fcm = await FcmProject.StartAsync();
        foreach (var body in Private.SelectMany(Bodies))
        {
            foreach (var status in Statuses)
            {
                fcm.Token = _ => new ProviderReply(status, body);
                AssertSilent((await fcm.SendAsync("device:abc")).ToString());
            }
        }
        Assert.All(fcm.App.Log.Lines, AssertSilent);
    }

    [Fact]
    public void Nothing_private_is_in_a_report()
    {
        using var sendGrid = new ProviderApp(SendGridAccount.Settings("http://localhost:1"), builder => builder.AddSendGrid(inUse: true));
        using var twilio = new ProviderApp(TwilioAccount.Settings("http://localhost:1"), builder => builder.AddTwilio(inUse: true));
        using var azure = new ProviderApp(AzureCommunicationAccount.Settings("http://localhost:1"), builder =>
            builder.AddAzureCommunication(sendsEmail: true, sendsSms: true));
        foreach (var secret in Private)
        {
            foreach (var (type, status) in (ReadOnlySpan<(string, string)>)[
                ("EmailDeliveryReportReceived", "Bounced"), ("EmailDeliveryReportReceived", "Failed"),
                ("EmailDeliveryReportReceived", secret),
                ("EmailEngagementTrackingReportReceived", "click"), ("SMSDeliveryReportReceived", "Failed"),
                ("SMSDeliveryReportReceived", secret)])
            {
                AssertSilent(Parse(azure.Webhook, JsonSerializer.SerializeToUtf8Bytes(new
                {
                    eventType = "Microsoft.Communication." + type,
                    subject = secret,
                    data = new
                    {
                        sender = secret,
                        recipient = secret,
                        to = secret,
                        status,
                        deliveryStatus = status,
                        engagementType = status,
                        engagementContext = secret,
                        deliveryStatusDetails = secret
                    },
                })));
                AssertSilent(Parse(azure.Webhook, JsonSerializer.SerializeToUtf8Bytes(new
                {
                    eventType = "Microsoft.Communication." + type,
                    data = new
                    {
                        messageId = Guid.Empty,
                        status,
                        deliveryStatus = status,
                        engagementType = status,
                        deliveryStatusDetails = new { statusMessage = $"550 5.1.1 {secret}" }
                    },
                })));
            }
            foreach (var name in (string[])["processed", "deferred", "delivered", "bounce", "dropped", "open", "click", "spamreport",
                "unsubscribe"])
            {
                var item = ((string[])["email", "reason", "response", "status", "type", "ip", "url", "useragent"]).ToDictionary(field =>
                    field, _ => secret);
                item["event"] = name;
                AssertSilent(Parse(sendGrid.Webhook, JsonSerializer.SerializeToUtf8Bytes(new[] { item })));
            }
            foreach (var status in (string[])["queued", "sent", "delivered", "read", "failed", "undelivered", "canceled"])
            {
                var text = Uri.EscapeDataString(secret);
                AssertSilent(Parse(twilio.Webhook,
                    Encoding.ASCII.GetBytes(
                        $"MessageStatus={status}&To={text}&From={text}&ErrorCode={text}&ErrorMessage={text}&RawDlrDoneDate={text}")));
            }
        }
    }

    /// <summary>The text in every field that a provider's error may have, and as the whole body.</summary>
    private static IEnumerable<string> Bodies(string text)
    {
        var json = JsonSerializer.Serialize(text);
        yield return text;
        yield return json;
        yield return $$"""{"message":{{json}},"more_info":{{json}},"code":{{json}},"status":{{json}},"name":{{json}},"sid":{{json}}}""";
        yield return $$"""{"code":15125550100,"message":{{json}}}""";
        yield return $$"""{"error":{"code":{{json}},"message":{{json}},"target":{{json}} } }""";
        yield return $$"""{"value":[{"to":{{json}},"messageId":{{json}},"httpStatusCode":400,"errorMessage":{{json}},"successful":false}]}""";
        yield return $$"""{"errors":[{"message":{{json}},"field":{{json}},"help":{{json}}}]}""";
        yield return $$"""{"errors":[{"field":{{JsonSerializer.Serialize("personalizations.0.to." + text)}} }]}""";
        yield return $$"""{"errors":[{"field":{{JsonSerializer.Serialize("personalizations." + text)}} }]}""";
        yield return $$"""{"error":{{json}},"error_description":{{json}},"access_token":{{json}} }""";
        yield return $$"""{"error":{"code":{{json}},"status":{{json}},"message":{{json}},"details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":{{json}} }]} }""";
    }

    private static string Parse(IWebhookProvider webhook, byte[] body)
    {
        var type = webhook.Name == "twilio" ? "application/x-www-form-urlencoded" : "application/json";
        var content = webhook.Parse(new WebhookRequest("/api/webhooks/x?attempt=d~1", new Dictionary<string, string>(), type, body),
            ProviderApp.Start);
        return string.Join('\n', content.Reports);
    }

    private static void AssertSilent(string text) =>
        Assert.DoesNotContain(Private, secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
}
