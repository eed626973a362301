using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Sandbox;

public class ReportDeliveryTests
{
    [Fact]
    public async Task A_failing_call_is_given_up_in_the_end_and_the_message_goes_on()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => StatusCodes.Status500InternalServerError;
        await using var sandbox = await SandboxHost.StartAsync(o =>
        {
            o.CallbackBase = receiver.BaseUrl;
            o.RetryFor = TimeSpan.FromMilliseconds(200);
        });

        await SendMailAsync(sandbox);
        var state = await sandbox.WebhooksAsync(s => s.GetProperty("pending").GetInt32() == 0);

        Assert.Equal(2, state.GetProperty("givenUp").GetInt32());
        Assert.Equal(0, state.GetProperty("acknowledged").GetInt32());
        Assert.InRange(state.GetProperty("retried").GetInt32(), 1, 20);
    }

    [Fact]
    public async Task Reports_wait_until_somebody_says_where_the_webhook_is()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(o => o.HostServesWebhooks = false);
        await SendMailAsync(sandbox);
        await sandbox.WebhooksAsync(s => s.GetProperty("retried").GetInt32() > 0);

        await sandbox.SetWebhooksAsync($$"""{"callbackBase":"{{receiver.BaseUrl}}"}""");

        Assert.Equal(2, (await sandbox.WebhooksAsync(s => s.GetProperty("pending").GetInt32() == 0)).GetProperty("acknowledged")
            .GetInt32());
    }

    [Fact]
    public async Task A_status_callback_tells_where_the_service_is()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(o => o.HostServesWebhooks = false);
        await SendSmsAsync(sandbox, receiver.BaseUrl + "/behind/a/path/api/webhooks/twilio?attempt=a~1");

        await SendMailAsync(sandbox);
        await sandbox.WebhooksAsync(s => s.GetProperty("pending").GetInt32() == 0);

        Assert.Contains(receiver.Calls, c => c.Target == "/behind/a/path/api/webhooks/sendgrid");
    }

    [Fact]
    public async Task Without_a_word_the_host_itself_is_called()
    {
        await using var sandbox = await SandboxHost.StartAsync();

        await SendMailAsync(sandbox);

        // The test's host has no webhooks: it answers 404, and is asked again.
        await sandbox.WebhooksAsync(s => s.GetProperty("retried").GetInt32() > 0);
    }

    [Fact]
    public async Task A_shutdown_makes_what_is_pending_at_once()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(o =>
        {
            o.CallbackBase = receiver.BaseUrl;
            o.ReportInterval = TimeSpan.FromMinutes(5);
            o.DrainTime = TimeSpan.FromSeconds(20);
        });
        await SendMailAsync(sandbox);
        await SendSmsAsync(sandbox, receiver.BaseUrl + "/api/webhooks/twilio");

        await sandbox.StopAsync();

        Assert.Equal(5, receiver.Calls.Count);
    }

    [Fact]
    public async Task A_report_that_is_refused_while_all_of_it_stops_is_no_error()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => StatusCodes.Status503ServiceUnavailable;
        var log = new TestLog();
        await using var sandbox = await SandboxHost.StartAsync(
            o =>
            {
                o.CallbackBase = receiver.BaseUrl;
                o.ReportInterval = TimeSpan.FromMinutes(5);
                o.DrainTime = Patience.Limit;
            },
            log: log);
        await SendMailAsync(sandbox);

        await sandbox.StopAsync();

        Assert.Contains(log.Lines, line => line.StartsWith("Information 8004", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal)
            || line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Too_many_waiting_reports_are_dropped_and_counted()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(o =>
        {
            o.CallbackBase = receiver.BaseUrl;
            o.ReportInterval = TimeSpan.FromMinutes(5);
            o.MaxPendingReports = 3;
            o.DrainTime = TimeSpan.FromSeconds(1);
        });

        await SendMailAsync(sandbox);
        await SendMailAsync(sandbox);

        var state = await sandbox.GetAsync("/sandbox/webhooks");
        Assert.Equal((2, 2), (state.GetProperty("pending").GetInt32(), state.GetProperty("dropped").GetInt32()));
    }

    [Fact]
    public async Task Settings_are_merged_shown_and_reset()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SetWebhooksAsync("""{"duplicates":2,"delayMs":5}""");
        await sandbox.SetWebhooksAsync("""{"only":["delivered","bounce"]}""");

        var merged = await sandbox.GetAsync("/sandbox/webhooks");
        await sandbox.Client.DeleteAsync(new Uri("/sandbox/webhooks", UriKind.Relative));
        var reset = await sandbox.GetAsync("/sandbox/webhooks");

        Assert.Equal((2, 5, 2), (merged.GetProperty("duplicates").GetInt32(), merged.GetProperty("delayMs").GetInt32(),
            merged.GetProperty("only").GetArrayLength()));
        Assert.Equal((0, 0, 0), (reset.GetProperty("duplicates").GetInt32(), reset.GetProperty("delayMs").GetInt32(),
            reset.GetProperty("only").GetArrayLength()));
    }

    [Fact]
    public async Task Every_mistake_in_the_settings_is_named()
    {
        await using var sandbox = await SandboxHost.StartAsync();

        using var answer = await sandbox.PutAsync(
            "/sandbox/webhooks",
            """{"enabled":1,"duplicates":21,"outOfOrder":"yes","delayMs":-1,"only":["eaten"],"callbackBase":"nowhere","x":1}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(e => e.Name);
        Assert.Equal(["callbackBase", "delayMs", "duplicates", "enabled", "only", "outOfOrder", "x"], errors.Order(StringComparer.Ordinal));
    }

    private static async Task SendMailAsync(SandboxHost sandbox)
    {
        using var answer = await sandbox.SendMailAsync(SmallestRequest.Mail);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task SendSmsAsync(SandboxHost sandbox, string callback)
    {
        var form = SmallestRequest.Sms(sandbox);
        form["StatusCallback"] = callback;
        using var answer = await sandbox.SendSmsAsync(form);
        answer.EnsureSuccessStatusCode();
    }
}
