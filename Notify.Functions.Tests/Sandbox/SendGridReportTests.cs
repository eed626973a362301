using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Notify.Functions.Tests.Sandbox;

public class SendGridReportTests
{
    [Theory]
    [InlineData("ann@example.com", "processed delivered")]
    [InlineData("bounce+1@example.com", "processed bounce:bounce")]
    [InlineData("blocked@example.com", "processed bounce:blocked")]
    [InlineData("dropped@example.com", "dropped")]
    [InlineData("deferred@example.com", "processed deferred delivered")]
    [InlineData("opens@example.com", "processed delivered open")]
    [InlineData("clicks@example.com", "processed delivered open click")]
    [InlineData("complains@example.com", "processed delivered spamreport")]
    [InlineData("unsubscribes@example.com", "processed delivered unsubscribe")]
    [InlineData("silent@example.com", "processed")]
    public async Task An_address_has_its_fate_reported_in_order(string to, string expected)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(o => o.CallbackBase = receiver.BaseUrl);

        await SendAsync(sandbox, to);
        await sandbox.WebhooksAsync(Quiet);

        var events = receiver.Calls.SelectMany(Events).ToList();
        Assert.Equal(expected, string.Join(' ', events.Select(e => e["event"] + (e["type"] is { } type ? ":" + type : ""))));
        // A deferral says in "attempt" how often SendGrid has tried, and that wins over an argument of the name.
        Assert.All(events, e => Assert.Equal((string?)e["event"] == "deferred" ? "1" : "r0.t.e.e~1", (string?)e["attempt"]));
        Assert.All(events, e => Assert.Equal(to, (string?)e["email"]));
        Assert.Equal(events.Count, events.Select(e => (string?)e["sg_event_id"]).Distinct().Count());
        Assert.Single(events.Select(e => (string?)e["sg_message_id"]).Distinct());
    }

    [Fact]
    public async Task Posts_are_batched_broken_into_lines_and_signed()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(o =>
        {
            o.CallbackBase = receiver.BaseUrl + "/";
            o.BatchWindow = TimeSpan.FromMilliseconds(200);
            o.BatchSize = 60;
        });

        await SendAsync(sandbox, [.. Enumerable.Range(0, 100).Select(i => $"user{i}@example.com")]);
        await sandbox.WebhooksAsync(Quiet);

        var calls = receiver.Calls;
        Assert.Equal(200, calls.Sum(c => Events(c).Count));
        Assert.InRange(calls.Count, 4, 20);
        foreach (var call in calls)
        {
            Assert.Equal("/api/webhooks/sendgrid", call.Target);
            var text = Encoding.UTF8.GetString(call.Body);
            Assert.EndsWith("}]\r\n", text);
            Assert.Equal(Events(call).Count - 1, text.Split(",\r\n").Length - 1);
            var timestamp = call.Headers["X-Twilio-Email-Event-Webhook-Timestamp"];
            var signature = call.Headers["X-Twilio-Email-Event-Webhook-Signature"];
            Assert.True(PublishedSignatures.IsSendGrid(sandbox["SendGrid:WebhookKey"], signature, timestamp, call.Body));
            Assert.False(PublishedSignatures.IsSendGrid(sandbox["SendGrid:WebhookKey"], signature, timestamp + "0", call.Body));
            Assert.InRange(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(timestamp), 0, 30);
        }
    }

    [Fact]
    public async Task Keys_stand_in_order_and_arguments_never_displace_them()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(o => o.CallbackBase = receiver.BaseUrl);

        using var answer = await sandbox.SendMailAsync("""
            {"from":{"email":"no-reply@notify.example"},"subject":"s","content":[{"type":"text/plain","value":"b"}],"categories":["a","b"],
             "custom_args":{"event":"mine","zone":"eu","attempt":"x"},"personalizations":[{"to":[{"email":"silent@example.com"}],"custom_args":{"attempt":"r0.t.e.e~1"}}]}
            """);

        var sent = Assert.Single(Events((await receiver.CallsAsync(1))[0]));
        Assert.Equal(sent.Select(p => p.Key).Order(StringComparer.Ordinal), sent.Select(p => p.Key));
        Assert.Equal("processed", (string?)sent["event"]);
        Assert.Equal("eu", (string?)sent["zone"]);
        Assert.Equal("r0.t.e.e~1", (string?)sent["attempt"]);
        Assert.Equal(["a", "b"], sent["category"]!.AsArray().Select(c => (string?)c));
    }

    [Fact]
    public async Task Duplicates_keep_their_event_id()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(o => o.CallbackBase = receiver.BaseUrl);
        await sandbox.SetWebhooksAsync("""{"duplicates":2}""");

        await SendAsync(sandbox, "ann@example.com");
        var state = await sandbox.WebhooksAsync(Quiet);

        Assert.Equal(6, state.GetProperty("acknowledged").GetInt32());
        Assert.Equal([3, 3], receiver.Calls.SelectMany(Events).GroupBy(e => (string?)e["sg_event_id"]).Select(g => g.Count()));
    }

    [Fact]
    public async Task Out_of_order_is_never_in_order_and_says_the_true_times()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(o => o.CallbackBase = receiver.BaseUrl);
        await sandbox.SetWebhooksAsync("""{"outOfOrder":true}""");

        await SendAsync(sandbox, "ann@example.com");
        await sandbox.WebhooksAsync(Quiet);

        var events = receiver.Calls.SelectMany(Events).ToList();
        Assert.Equal(["delivered", "processed"], events.Select(e => (string?)e["event"]));
        Assert.True((long)events[0]["timestamp"]! > (long)events[1]["timestamp"]!);
    }

    [Fact]
    public async Task Only_the_wanted_kinds_are_reported_or_none()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(o => o.CallbackBase = receiver.BaseUrl);
        await sandbox.SetWebhooksAsync("""{"enabled":false}""");
        await SendAsync(sandbox, "unheard@example.com");
        await sandbox.SetWebhooksAsync("""{"enabled":true,"only":["delivered"]}""");
        await SendAsync(sandbox, "ann@example.com");
        await sandbox.WebhooksAsync(Quiet);

        var only = Assert.Single(receiver.Calls.SelectMany(Events));
        Assert.Equal(("delivered", "ann@example.com"), ((string?)only["event"], (string?)only["email"]));
    }

    [Fact]
    public async Task A_bounce_fault_bounces_what_was_accepted()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(o => o.CallbackBase = receiver.BaseUrl);
        await sandbox.SetFaultAsync("""{"provider":"sendgrid","mode":"bounce","count":1}""");

        await SendAsync(sandbox, "ann@example.com");
        await sandbox.WebhooksAsync(Quiet);

        Assert.Equal("bounce", (string?)receiver.Calls.SelectMany(Events).Last()["event"]);
        Assert.Single(await sandbox.MessagesAsync());
    }

    private static bool Quiet(JsonElement state) => state.GetProperty("pending").GetInt32() == 0;

    private static async Task SendAsync(SandboxHost sandbox, params string[] to)
    {
        var letters = to.Select((t, i) => $$$"""{"to":[{"email":"{{{t}}}"}],"custom_args":{"attempt":"r{{{i}}}.t.e.e~1"}}""");
        using var answer = await sandbox.SendMailAsync($$"""
            {"from":{"email":"no-reply@notify.example"},"subject":"s","content":[{"type":"text/plain","value":"b"}],"personalizations":[{{string.Join(',', letters)}}]}
            """);
        answer.EnsureSuccessStatusCode();
    }

    private static List<JsonObject> Events(ReceivedCall call) => [.. JsonNode.Parse(call.Body)!.AsArray().Select(e => e!.AsObject())];
}
