using System.Text;
using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Providers.Fcm;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.Fcm;

public sealed class FcmSenderTests : IAsyncLifetime
{
    private FcmProject _fcm = null!;

    public async Task InitializeAsync() => _fcm = await FcmProject.StartAsync();

    public async Task DisposeAsync() => await _fcm.DisposeAsync();

    [Fact]
    public async Task Sends_the_documented_request()
    {
        var request = new SendRequest(
            new MessageContent("Вход", "New sign-in <Oslo>")
            {
                Url = "https://app.example/security",
                Data = new Dictionary<string, string> { ["city"] = "Oslo", ["from"] = "web", ["attempt"] = "3" },
            },
            [Requests.To("d~1", "device:A")])
        {
            Type = EventType.Alert,
            Priority = Priority.High,
            ExpiresAt = _fcm.App.Clock.GetUtcNow().AddSeconds(90),
        };

        Assert.Equal(new SendResult.Accepted("projects/demo/messages/1"), await _fcm.SendAsync(request));

        var sent = Assert.Single(_fcm.Messages);
        Assert.Equal(("POST", "/v1/projects/demo/messages:send"), (sent.Method, sent.Target));
        Assert.Equal("Bearer ya29.token", sent.Headers["Authorization"]);
        Assert.Equal("application/json; charset=utf-8", sent.Headers["Content-Type"]);
        Assert.Contains("Вход", sent.Text, StringComparison.Ordinal);
        var end = _fcm.App.Clock.GetUtcNow().AddSeconds(90).ToUnixTimeSeconds();
        AssertJson($$$"""
            {"message":{
              "notification":{"title":"Вход","body":"New sign-in <Oslo>"},
              "data":{"city":"Oslo","_from":"web","_attempt":"3","url":"https://app.example/security","attempt":"d~1"},
              "android":{"priority":"HIGH","ttl":"90s"},
              "apns":{"headers":{"apns-priority":"10","apns-expiration":"{{{end}}}"}},
              "webpush":{"headers":{"Urgency":"high","TTL":"90"}},
              "token":"device:A"}}
            """, sent.Text);
    }

    [Fact]
    public async Task Sends_what_is_not_urgent_and_has_no_end_at_normal_priority_without_a_lifetime()
    {
        await _fcm.SendAsync(Requests.Alert(Requests.To("d~1", "device:A")) with { Priority = Priority.Normal });
        using var sent = JsonDocument.Parse(Assert.Single(_fcm.Messages).Body);
        var message = sent.RootElement.GetProperty("message");
        AssertJson("""{"priority":"NORMAL"}""", message.GetProperty("android").GetRawText());
        AssertJson("""{"headers":{"apns-priority":"5"}}""", message.GetProperty("apns").GetRawText());
    }

    [Theory]
    [InlineData(-5, "0s", "0")]
    [InlineData(40 * 86_400, "2419200s", null)]
    public async Task Keeps_the_lifetime_within_what_Firebase_allows(int seconds, string ttl, string? expiration)
    {
        var end = _fcm.App.Clock.GetUtcNow().AddSeconds(seconds);
        await _fcm.SendAsync(Requests.Alert(Requests.To("d~1", "device:A")) with { ExpiresAt = end });
        using var sent = JsonDocument.Parse(Assert.Single(_fcm.Messages).Body);
        var message = sent.RootElement.GetProperty("message");
        Assert.Equal(ttl, message.GetProperty("android").GetProperty("ttl").GetString());
        Assert.Equal(expiration ?? end.ToUnixTimeSeconds().ToString(), message.GetProperty("apns").GetProperty("headers")
            .GetProperty("apns-expiration").GetString());
    }

    [Fact]
    public async Task Sends_to_each_device_of_a_recipient_once_and_is_accepted_when_one_is()
    {
        _fcm.Send = request => Token(request) == "device:B" ? new ProviderReply(200, """{"name":"m2"}""") : Error(404, "UNREGISTERED");
        var accepted = Assert.IsType<SendResult.Accepted>(await _fcm.SendAsync("device:A", "device:B", "device:A"));
        Assert.Equal("m2", accepted.ProviderMessageId);
        Assert.Equal(["device:A"], accepted.DeadAddresses);
        Assert.Equal(["device:A", "device:B"], _fcm.Messages.Select(Token).Order());
    }

    [Fact]
    public async Task An_address_is_dead_only_when_every_device_is()
    {
        _fcm.Send = _ => Error(404, "UNREGISTERED");
        Assert.Equal(new SendResult.Rejected("fcm:UNREGISTERED", AddressIsDead: true), await _fcm.SendAsync("device:A", "device:B"));

        _fcm.Send = request => Token(request) == "device:A" ? Error(404, "UNREGISTERED") : Error(400, "INVALID_ARGUMENT");
        Assert.Equal(new SendResult.Rejected("fcm:INVALID_ARGUMENT"), await _fcm.SendAsync("device:A", "device:B"));

        _fcm.Send = request => Token(request) == "device:A" ? Error(404, "UNREGISTERED") : Error(503, "UNAVAILABLE");
        Assert.Equal(new SendResult.Unavailable("fcm:UNAVAILABLE"), await _fcm.SendAsync("device:A", "device:B"));

        _fcm.Send = request => Token(request) == "device:A" ? new ProviderReply(504) : Error(503, "UNAVAILABLE");
        Assert.Equal(new SendResult.Unknown("fcm:http-504"), await _fcm.SendAsync("device:A", "device:B"));
    }

    /// <summary>FCM's data holds texts only; booleans and numbers are written as JSON writes them.</summary>
    [Fact]
    public async Task Writes_booleans_and_numbers_as_JSON_does()
    {
        var content = PayloadContent.Read(
            JsonDocument.Parse("""{"message":"m","data":{"yes":true,"no":false,"price":1.50,"big":1e400,"text":"True"}}""").RootElement);

        await _fcm.SendAsync(Requests.Alert(Requests.To("d~1", "device:A")) with { Content = content });

        using var sent = JsonDocument.Parse(Assert.Single(_fcm.Messages).Body);
        AssertJson(
            """{"yes":"true","no":"false","price":"1.50","big":"1e400","text":"True","attempt":"d~1"}""",
            sent.RootElement.GetProperty("message").GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Refuses_a_message_over_4096_bytes_before_sending()
    {
        var request = Requests.Alert(Requests.To("d~1", "device:A"));
        var result = Assert.IsType<SendResult.Rejected>(
            await _fcm.SendAsync(request with { Content = new MessageContent("Long", new string('я', 2048)) }));
        Assert.Matches(@"^fcm:message-too-large \(4\d\d\d of 4096 bytes\)$", result.Reason);
        Assert.Empty(_fcm.Server.Requests);
        Assert.IsType<SendResult.Accepted>(
            await _fcm.SendAsync(request with { Content = new MessageContent("Fits", new string('я', 2000)) }));
        Assert.StartsWith("fcm:message-too-large (", _fcm.App.Sender.RefusalOf(new MessageContent("Long", new string('я', 2048))),
            StringComparison.Ordinal);
        Assert.Null(_fcm.App.Sender.RefusalOf(new MessageContent("Fits", new string('я', 1980))));
    }

    [Fact]
    public async Task A_recipient_without_a_device_is_rejected() =>
        Assert.Equal(new SendResult.Rejected("fcm:no-device"), await _fcm.SendAsync());

    [Fact]
    public async Task A_success_without_a_readable_body_is_accepted_all_the_same()
    {
        _fcm.Send = _ => new ProviderReply(200, "not json");
        Assert.Equal(new SendResult.Accepted(null), await _fcm.SendAsync("device:A"));
    }

    [Fact]
    public async Task Cancellation_before_anything_is_written_throws()
    {
        using var cancel = new CancellationTokenSource();
        await _fcm.SendAsync("device:A");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _fcm.SendAsync(Requests.Alert(Requests.To("d~1", "device:A")), cancel.Token));
        Assert.Single(_fcm.Messages);
    }

    [Fact]
    public async Task A_project_that_is_not_there_is_unavailable()
    {
        await _fcm.SendAsync("device:A");
        await _fcm.Server.DisposeAsync();
        Assert.Equal(new SendResult.Unavailable("fcm:connect-failed"), await _fcm.SendAsync("device:A"));
    }

    [Fact]
    public void The_payload_is_measured_as_UTF_8() =>
        Assert.Equal(
            Encoding.UTF8.GetByteCount("""{"title":"Sign-in","body":"New sign-in from Oslo"}{"attempt":"d~1"}"""),
            new FcmMessage(Requests.Alert(), Requests.To("d~1"), ProviderApp.Start).PayloadBytes);

    private static string Token(ProviderRequest request)
    {
        using var document = JsonDocument.Parse(request.Body);
        return document.RootElement.GetProperty("message").GetProperty("token").GetString()!;
    }

    private static ProviderReply Error(int status, string code) => new(status, $$"""
        {"error":{"code":{{status}},"message":"m","details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"{{code}}"}]} }
        """);

    private static void AssertJson(string expected, string actual)
    {
        using var left = JsonDocument.Parse(expected);
        using var right = JsonDocument.Parse(actual);
        Assert.True(JsonElement.DeepEquals(left.RootElement, right.RootElement), actual);
    }
}
