using System.Net;
using System.Text.Json;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>The local host with Azure Communication Services as the provider of email and text messages.</summary>
public sealed class AzureCommunicationScenarioTests
{
    private const string Webhook = "/api/webhooks/azure-communication";
    private const string Key = "0123456789abcdef";

    [Fact]
    public async Task Email_and_sms_end_delivered_and_a_bounce_ends_bounced_and_suppressed_by_the_events_of_Event_Grid()
    {
        await using var host = await StartAsync("acs-email,sendgrid", "acs-sms,twilio");

        var good = await host.NotifyAsync(Event("user_1", "email", "sms"));
        var bad = await host.NotifyAsync(Event("mailto:bounce@example.com", "email"));

        var view = await host.WaitForStatusAsync(good, "delivered");
        Assert.Equal(["acs-email", "acs-sms"], AppHost.Deliveries(view).Select(one => one.GetProperty("provider").GetString()).Order());
        var bounced = Assert.Single(AppHost.Deliveries(await host.WaitForStatusAsync(bad, "bounced")));
        Assert.Equal("acs-email:bounced 5.1.1", bounced.GetProperty("reason").GetString());
        await host.WaitForAsync("/api/suppressions", list => list.GetProperty("items").GetArrayLength() == 1);
        Assert.Equal(3, (await host.GetAsync("/sandbox/messages")).GetArrayLength());
    }

    [Fact]
    public async Task A_second_provider_does_no_harm_to_the_first()
    {
        await using var host = await StartAsync("sendgrid,acs-email", "twilio,acs-sms");
        var view = await host.WaitForStatusAsync(await host.NotifyAsync(Event("user_1", "email", "sms")), "delivered");
        Assert.Equal(["sendgrid", "twilio"], AppHost.Deliveries(view).Select(one => one.GetProperty("provider").GetString()).Order());
    }

    [Theory]
    [InlineData("?key=" + Key, HttpStatusCode.OK, "{\"validationResponse\":\"512d38b6\"}")]
    [InlineData("?key=another-secret-01234", HttpStatusCode.Unauthorized, null)]
    [InlineData("", HttpStatusCode.Unauthorized, null)]
    public async Task A_subscription_is_confirmed_to_who_knows_the_secret(string query, HttpStatusCode status, string? text)
    {
        await using var host = await StartAsync("acs-email", "twilio", Key);

        using var answer = await host.PostAsync(
            Webhook + query,
            """[{"id":"1","eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":"512d38b6","validationUrl":"https://example.com/"}}]""");

        Assert.Equal(status, answer.StatusCode);
        if (text is not null)
        {
            Assert.Equal((text, "application/json"),
                (await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentType?.MediaType));
        }
    }

    [Theory]
    [InlineData("azure-communication?key=" + Key, "eventgrid.azure.net", HttpStatusCode.OK)]
    [InlineData("azure-communication?key=" + Key, null, HttpStatusCode.BadRequest)]
    [InlineData("azure-communication?key=" + Key, "no host", HttpStatusCode.BadRequest)]
    [InlineData("azure-communication", "eventgrid.azure.net", HttpStatusCode.Unauthorized)]
    [InlineData("twilio", "eventgrid.azure.net", HttpStatusCode.Unauthorized)]
    [InlineData("nobody", "eventgrid.azure.net", HttpStatusCode.NotFound)]
    public async Task A_sender_of_CloudEvents_is_given_leave_where_it_knows_the_secret(string target, string? origin, HttpStatusCode status)
    {
        await using var host = await StartAsync("acs-email", "twilio", Key);
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/webhooks/" + target);
        if (origin is not null)
        {
            request.Headers.Add("WebHook-Request-Origin", origin);
        }

        using var answer = await host.Http.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? [origin!] : [], answer.Headers.TryGetValues("WebHook-Allowed-Origin", out var allowed)
            ? allowed : []);
    }

    [Fact]
    public async Task A_report_without_the_secret_gets_401_and_changes_nothing()
    {
        await using var host = await StartAsync("acs-email", "acs-sms", Key);
        using var off = await host.Http.PutAsync("/sandbox/webhooks", new StringContent("""{"enabled":false}"""));
        var id = await host.NotifyAsync(Event("user_1", "sms"));
        var delivery = Assert.Single(AppHost.Deliveries(await host.WaitForStatusAsync(id, "sent"))).GetProperty("id").GetString();
        var report = JsonSerializer.Serialize(
            new
            {
                type = "Microsoft.Communication.SMSDeliveryReportReceived",
                data = new { messageId = "m", deliveryStatus = "Delivered", tag = delivery + "~1" }
            });

        using var stranger = await host.PostAsync(Webhook, report);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        await host.WaitForStatusAsync(id, "sent");
        using var known = await host.PostAsync(Webhook + "?key=" + Key, report, "application/cloudevents+json");
        Assert.Equal(HttpStatusCode.NoContent, known.StatusCode);
        await host.WaitForStatusAsync(id, "delivered");
    }

    private static Task<AppHost> StartAsync(string email, string sms, string? webhookKey = null) => AppHost.StartAsync(setup =>
    {
        setup.Settings["Notify:Channels:email:Providers"] = email;
        setup.Settings["Notify:Channels:sms:Providers"] = sms;
        if (webhookKey is not null)
        {
            setup.Settings["Notify:Providers:AzureCommunication:WebhookKey"] = webhookKey;
        }
    });

    private static string Event(string recipient, params string[] channels) => JsonSerializer.Serialize(
        new { type = "alert", priority = "critical", recipients = new[] { recipient }, channels, payload = new { message = "Test" } });
}
