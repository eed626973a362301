using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Notify.Functions.Tests.Sandbox;

public class TwilioReportTests
{
    [Theory]
    [InlineData("+4915112345678", "queued sent delivered", null)]
    [InlineData("+4915550030003", "queued sent undelivered", "30003")]
    [InlineData("+4915550030007", "queued sent undelivered", "30007")]
    [InlineData("+4915550030001", "queued failed", "30001")]
    [InlineData("+4915550099000", "queued sent", null)]
    public async Task A_number_has_its_fate_reported_in_order_and_signed(string to, string expected, string? errorCode)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync();
        // Escapes, and an upper-case letter that a rewritten URL would lose.
        var target = "/api/webhooks/twilio?attempt=r0.T.e.s%7E1&x=%D0%B6+%2f";

        await SendAsync(sandbox, to, receiver.BaseUrl + target + "#rc=2");
        await sandbox.WebhooksAsync(Quiet);

        var forms = receiver.Calls.Select(Form).ToList();
        Assert.Equal(expected, string.Join(' ', forms.Select(f => f["MessageStatus"])));
        Assert.Equal(errorCode, forms[^1].GetValueOrDefault("ErrorCode"));
        Assert.All(forms.SkipLast(1), f => Assert.DoesNotContain("ErrorCode", f.Keys));
        Assert.Single(forms.Select(f => f["MessageSid"]).Distinct());
        foreach (var call in receiver.Calls)
        {
            Assert.Equal(target, call.Target);
            Assert.Equal(PublishedSignatures.Twilio(sandbox["Twilio:AuthToken"], receiver.BaseUrl + target, call.Body),
                call.Headers["X-Twilio-Signature"]);
            Assert.StartsWith("application/x-www-form-urlencoded", call.Headers["Content-Type"]);
        }
    }

    [Fact]
    public async Task A_bounce_fault_is_an_unknown_handset()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SetFaultAsync("""{"provider":"twilio","mode":"bounce"}""");

        await SendAsync(sandbox, "+4915112345678", receiver.BaseUrl + "/api/webhooks/twilio");

        var last = Form((await receiver.CallsAsync(3))[2]);
        Assert.Equal(("undelivered", "30005"), (last["MessageStatus"], last["ErrorCode"]));
    }

    [Fact]
    public async Task Duplicates_repeat_the_call_and_order_is_lost_on_request()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SetWebhooksAsync("""{"duplicates":1,"outOfOrder":true}""");

        await SendAsync(sandbox, "+4915112345678", receiver.BaseUrl + "/api/webhooks/twilio");
        await sandbox.WebhooksAsync(Quiet);

        var statuses = receiver.Calls.Select(c => Form(c)["MessageStatus"]).ToList();
        Assert.Equal(["delivered", "delivered", "queued", "queued", "sent", "sent"], statuses.Order(StringComparer.Ordinal));
        Assert.NotEqual(["queued", "queued", "sent", "sent", "delivered", "delivered"], statuses);
    }

    [Fact]
    public async Task Without_a_callback_nothing_is_reported()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(o => o.CallbackBase = receiver.BaseUrl);

        await SendAsync(sandbox, "+4915112345678", callback: null);

        Assert.Equal(0, (await sandbox.GetAsync("/sandbox/webhooks")).GetProperty("pending").GetInt32());
        Assert.Empty(receiver.Calls);
    }

    [Fact]
    public async Task A_call_in_flight_when_the_webhook_fails_is_made_again_before_the_next_report()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = call => call <= 2 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        await using var sandbox = await SandboxHost.StartAsync();

        await SendAsync(sandbox, "+4915112345678", receiver.BaseUrl + "/api/webhooks/twilio");
        var state = await sandbox.WebhooksAsync(Quiet);

        Assert.Equal(["queued", "queued", "queued", "sent", "delivered"], receiver.Calls.Select(c => Form(c)["MessageStatus"]));
        Assert.Equal([5, 3, 3, 2, 0], Counters(state, "calls", "sent", "acknowledged", "retried", "givenUp"));
        Assert.Single(receiver.Calls.Take(3).Select(c => c.Headers["I-Twilio-Idempotency-Token"]).Distinct());
    }

    private static int[] Counters(JsonElement state, params string[] names) => [.. names.Select(n => state.GetProperty(n).GetInt32())];

    private static bool Quiet(JsonElement state) => state.GetProperty("pending").GetInt32() == 0;

    private static async Task SendAsync(SandboxHost sandbox, string to, string? callback)
    {
        var form = new Dictionary<string, string> { ["To"] = to, ["From"] = sandbox["Twilio:From"], ["Body"] = "b" };
        if (callback is not null)
        {
            form["StatusCallback"] = callback;
        }
        using var answer = await sandbox.SendSmsAsync(form);
        answer.EnsureSuccessStatusCode();
    }

    private static Dictionary<string, string> Form(ReceivedCall call) => Encoding.UTF8.GetString(call.Body).Split('&')
        .Select(p => p.Split('='))
        .ToDictionary(p => p[0], p => WebUtility.UrlDecode(p[1]));
}
