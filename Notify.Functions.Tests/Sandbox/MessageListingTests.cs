using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Notify.Sandbox.Common;
using Notify.Sandbox.Messages;

namespace Notify.Functions.Tests.Sandbox;

public class MessageListingTests
{
    [Fact]
    public async Task Messages_are_filtered_by_channel_recipient_delivery_and_attempt()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await PushAsync(sandbox, "device-1", "r1.t.e.p~1");
        await PushAsync(sandbox, "device-1", "r1.t.e.p~2");
        await PushAsync(sandbox, "device-2", "r2.t.e.p~1");

        Assert.Equal(3, (await sandbox.MessagesAsync("?channel=push")).Count);
        Assert.Empty(await sandbox.MessagesAsync("?channel=email"));
        Assert.Equal(2, (await sandbox.MessagesAsync("?recipient=device-1")).Count);
        Assert.Equal(2, (await sandbox.MessagesAsync("?deliveryId=r1.t.e.p")).Count);
        Assert.Equal("r1.t.e.p~2", Assert.Single(await sandbox.MessagesAsync("?deliveryId=r1.t.e.p~2")).GetProperty("attemptId")
            .GetString());
        Assert.Empty(await sandbox.MessagesAsync("?recipient=device-1&deliveryId=r2.t.e.p"));
    }

    [Fact]
    public async Task Messages_come_newest_last_and_page_by_page()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        for (var i = 1; i <= 5; i++)
        {
            await PushAsync(sandbox, $"device-{i}", $"r{i}.t.e.p~1");
        }

        Assert.Equal(["device-4", "device-5"], To(await sandbox.MessagesAsync("?limit=2")));
        var first = await sandbox.MessagesAsync("?after=0&limit=2");
        Assert.Equal(["device-1", "device-2"], To(first));
        Assert.Equal(["device-3", "device-4"], To(await sandbox.MessagesAsync($"?after={first[1].GetProperty("sequence")}&limit=2")));
        using var answer = await sandbox.Client.GetAsync(new Uri("/sandbox/messages?limit=1", UriKind.Relative));
        Assert.Equal("5", Assert.Single(answer.Headers.GetValues("X-Total-Count")));
    }

    [Theory]
    [InlineData("sendgrid")]
    [InlineData("acs-email")]
    public async Task An_email_keeps_its_html_beside_its_text(string provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        const string html = "<p>Hello <b>Ann</b></p>";

        using var answer = provider == "sendgrid"
            ? await sandbox.SendMailAsync(SmallestRequest.Mail.Replace("\"value\":\"b\"}", $$"""
                "value":"Hello"},{"type":"text/html","value":"{{html}}"}
                """, StringComparison.Ordinal))
            : await sandbox.SendAcsAsync("emails:send?api-version=2023-03-31", SmallestRequest.AcsEmail.Replace("\"plainText\":\"b\"", $$"""
                "plainText":"Hello","html":"{{html}}"
                """, StringComparison.Ordinal));
        answer.EnsureSuccessStatusCode();

        var message = Assert.Single(await sandbox.MessagesAsync());
        Assert.Equal(("Hello", html), (message.GetProperty("body").GetString(), message.GetProperty("html").GetString()));
    }

    [Fact]
    public void Only_the_newest_messages_keep_their_html()
    {
        var store = new MessageStore(new SandboxOptions(), TimeProvider.System);
        store.Add([.. Enumerable.Range(0, MessageStore.MaxHtml + 3)
            .Select(n => new MessageDraft("email", "sendgrid", $"r{n}@example.com", "m") { Html = "<p>" })]);

        Assert.Equal([null, null, null, "<p>"], store.Snapshot().Take(4).Select(message => message.Html));
        Assert.Equal(MessageStore.MaxHtml, store.Snapshot().Count(message => message.Html is not null));
    }

    [Fact]
    public async Task Above_the_cap_the_oldest_go_and_are_counted()
    {
        await using var sandbox = await SandboxHost.StartAsync(o => o.MaxMessages = 2);
        for (var i = 1; i <= 5; i++)
        {
            await PushAsync(sandbox, $"device-{i}", $"r{i}.t.e.p~1");
        }

        Assert.Equal(["device-4", "device-5"], To(await sandbox.MessagesAsync()));
        var stats = await sandbox.GetAsync("/sandbox/stats");
        Assert.Equal(2, stats.GetProperty("kept").GetInt32());
        Assert.Equal(3, stats.GetProperty("displaced").GetInt32());
    }

    [Fact]
    public async Task Deleting_forgets_messages_and_numbering_goes_on()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await PushAsync(sandbox, "device-1", "r1.t.e.p~1");

        using var deleted = await sandbox.Client.DeleteAsync(new Uri("/sandbox/messages", UriKind.Relative));
        await PushAsync(sandbox, "device-2", "r2.t.e.p~1");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        var message = Assert.Single(await sandbox.MessagesAsync("?after=1"));
        Assert.Equal(2, message.GetProperty("sequence").GetInt32());
    }

    [Fact]
    public async Task Faulty_parameters_are_all_named()
    {
        await using var sandbox = await SandboxHost.StartAsync();

        using var answer = await sandbox.Client.GetAsync(new Uri("/sandbox/messages?channel=fax&limit=0&after=x", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(e => e.Name);
        Assert.Equal(["after", "channel", "limit"], errors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Statistics_count_requests_acceptances_and_refusals_by_provider_and_second()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await PushAsync(sandbox, "device-1", "r1.t.e.p~1");
        await PushAsync(sandbox, "device-2", "r2.t.e.p~1");
        await PushAsync(sandbox, "unregistered", "r3.t.e.p~1");
        await sandbox.SetFaultAsync("""{"provider":"fcm","mode":"error","count":1}""");
        await PushAsync(sandbox, "device-1", "r1.t.e.p~2");

        var fcm = (await sandbox.GetAsync("/sandbox/stats")).GetProperty("providers").GetProperty("fcm");

        Assert.Equal(4, fcm.GetProperty("requests").GetInt32());
        Assert.Equal(2, fcm.GetProperty("acceptedRequests").GetInt32());
        Assert.Equal(2, fcm.GetProperty("acceptedMessages").GetInt32());
        Assert.Equal(1, fcm.GetProperty("refused").GetProperty("fault:error").GetInt32());
        Assert.Equal(1, fcm.GetProperty("refused").GetProperty("status:404").GetInt32());
        Assert.Equal(2, fcm.GetProperty("seconds").EnumerateArray().Sum(s => s.GetProperty("messages").GetInt32()));
        Assert.InRange(fcm.GetProperty("mostMessagesInASecond").GetInt32(), 1, 2);
        await sandbox.Client.DeleteAsync(new Uri("/sandbox/stats", UriKind.Relative));
        Assert.Equal(0, (await sandbox.GetAsync("/sandbox/stats")).GetProperty("providers").GetProperty("fcm").GetProperty("requests")
            .GetInt32());
    }

    private static async Task PushAsync(SandboxHost sandbox, string token, string attempt)
    {
        using var answer = await sandbox.SendPushAsync(
            $$$$"""{"message":{"token":"{{{{token}}}}","data":{"attempt":"{{{{attempt}}}}"}}}""");
    }

    private static IEnumerable<string> To(IEnumerable<JsonElement> messages) => messages.Select(m => m.GetProperty("to").GetString()!);
}
