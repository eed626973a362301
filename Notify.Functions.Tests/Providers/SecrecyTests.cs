using System.Text;
using System.Text.Json;
using Notify.Functions.Channels;
using Notify.Functions.Delivery.Webhooks;
using Notify.Functions.Providers.Fcm;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Providers.Twilio;
using Notify.Functions.Tests.Providers.Fcm;
using Notify.Functions.Tests.Providers.Harness;
using Notify.Functions.Tests.Providers.SendGrid;
using Notify.Functions.Tests.Providers.Twilio;

namespace Notify.Functions.Tests.Providers;

/// <summary>Whatever a provider writes into whichever field, no address, payload or secret gets into a result, a report or a log.</summary>
public sealed class SecrecyTests
{
    private static readonly string[] Private =
        ["bob@example.com", "+15125550100", "15125550100", "DEVICE_TOKEN_ABC", "device:abc", "a payload", SendGridAccount.ApiKey, TwilioAccount.AuthToken, "ya29.token", "PRIVATE KEY"];

    private static readonly int[] Statuses = [200, 400, 401, 404, 429, 500, 502, 503];

    public static TheoryData<string> Providers => ["sendgrid", "twilio", "fcm"];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Nothing_private_is_in_a_result_or_a_log(string provider)
    {
        ProviderReply reply = new(200);
        await using var server = await ProviderServer.StartAsync(request => request.Target == "/token" ? new ProviderReply(200, FcmProject.Granted) : reply);
        using var app = provider switch
        {
            "sendgrid" => new ProviderApp(SendGridAccount.Settings(server.Address), builder => builder.AddSendGrid(inUse: true)),
            "twilio" => new ProviderApp(TwilioAccount.Settings(server.Address), builder => builder.AddTwilio(inUse: true)),
            _ => new ProviderApp(FcmProject.Settings(server.Address, FcmProject.Credentials($"{server.Address}/token")), builder => builder.AddFcm(inUse: true)),
        };
        var request = Requests.Alert(Requests.To("d~1", "bob@example.com")) with { Content = new MessageContent("a payload", "a payload") };
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
        foreach (var secret in Private)
        {
            foreach (var name in (string[])["processed", "deferred", "delivered", "bounce", "dropped", "open", "click", "spamreport", "unsubscribe"])
            {
                var item = ((string[])["email", "reason", "response", "status", "type", "ip", "url", "useragent"]).ToDictionary(field => field, _ => secret);
                item["event"] = name;
                AssertSilent(Parse(sendGrid.Webhook, JsonSerializer.SerializeToUtf8Bytes(new[] { item })));
            }
            foreach (var status in (string[])["queued", "sent", "delivered", "read", "failed", "undelivered", "canceled"])
            {
                var text = Uri.EscapeDataString(secret);
                AssertSilent(Parse(twilio.Webhook, Encoding.ASCII.GetBytes($"MessageStatus={status}&To={text}&From={text}&ErrorCode={text}&ErrorMessage={text}&RawDlrDoneDate={text}")));
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
        yield return $$"""{"errors":[{"message":{{json}},"field":{{json}},"help":{{json}}}]}""";
        yield return $$"""{"errors":[{"field":{{JsonSerializer.Serialize("personalizations.0.to." + text)}} }]}""";
        yield return $$"""{"errors":[{"field":{{JsonSerializer.Serialize("personalizations." + text)}} }]}""";
        yield return $$"""{"error":{{json}},"error_description":{{json}},"access_token":{{json}} }""";
        yield return $$"""{"error":{"code":{{json}},"status":{{json}},"message":{{json}},"details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":{{json}} }]} }""";
    }

    private static string Parse(IWebhookProvider webhook, byte[] body)
    {
        var type = webhook.Name == "twilio" ? "application/x-www-form-urlencoded" : "application/json";
        var content = webhook.Parse(new WebhookRequest("/api/webhooks/x?attempt=d~1", new Dictionary<string, string>(), type, body), ManualClock.Start);
        return string.Join('\n', content.Reports);
    }

    private static void AssertSilent(string text) => Assert.DoesNotContain(Private, secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
}
