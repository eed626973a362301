using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Notify.Sandbox.Fcm;

namespace Notify.Functions.Tests.Sandbox;

public class FcmSandboxTests
{
    private const string Good = """
        {"message":{"token":"device-1","notification":{"title":"Sign-in","body":"Вход с нового устройства"},"data":{"attempt":"r1.t1.e1.p~2","k":"v"},
         "android":{"priority":"high","ttl":"3600s","collapse_key":"c"},"apns":{"headers":{"apns-priority":"10"},"payload":{"aps":{"sound":"default"}}}}}
        """;

    [Fact]
    public async Task An_accepted_message_is_named_and_kept_with_its_delivery()
    {
        await using var sandbox = await SandboxHost.StartAsync();

        using var answer = await sandbox.SendPushAsync(Good);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var name = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("name").GetString();
        Assert.StartsWith("projects/notify-sandbox/messages/0:", name);
        var message = Assert.Single(await sandbox.MessagesAsync());
        Assert.Equal("push", message.GetProperty("channel").GetString());
        Assert.Equal("fcm", message.GetProperty("provider").GetString());
        Assert.Equal("device-1", message.GetProperty("to").GetString());
        Assert.Equal("Sign-in", message.GetProperty("subject").GetString());
        Assert.Equal("Вход с нового устройства", message.GetProperty("body").GetString());
        Assert.Equal("r1.t1.e1.p", message.GetProperty("deliveryId").GetString());
        Assert.Equal("r1.t1.e1.p~2", message.GetProperty("attemptId").GetString());
        Assert.Equal(name, message.GetProperty("providerMessageId").GetString());
    }

    [Theory]
    [InlineData("token", 4096, 200)]
    [InlineData("token", 4097, 400)]
    [InlineData("topic", 2049, 400)]
    public async Task A_payload_may_have_4096_bytes_and_half_of_it_for_a_topic(string target, int bytes, int status)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var body = new string('ж', (bytes - 1) / 2) + ((bytes - 1) % 2 == 0 ? "" : "x");

        using var answer = await sandbox.SendPushAsync($$$$"""{"message":{"{{{{target}}}}":"a","data":{"k":"{{{{body}}}}"}}}""");

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Only_a_living_token_of_the_sandbox_may_send()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var sandbox = await SandboxHost.StartAsync(clock: clock);
        var token = await ServiceAccount.AccessTokenAsync(sandbox);

        using var unknown = await sandbox.SendPushAsync(Good, accessToken: "ya29.other");
        using var first = await sandbox.SendPushAsync(Good, token);
        clock.Advance(FcmAccessTokens.Lifetime);
        using var expired = await sandbox.SendPushAsync(Good, token);
        using var missing = await sandbox.Client.PostAsync(new Uri(sandbox["Fcm:BaseAddress"] + "v1/projects/notify-sandbox/messages:send"),
            null);

        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized],
            new[] { unknown.StatusCode, first.StatusCode, expired.StatusCode, missing.StatusCode });
        Assert.Contains("UNAUTHENTICATED", await expired.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("missing required authentication", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEmpty(expired.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task A_message_that_is_only_to_be_checked_is_not_kept()
    {
        await using var sandbox = await SandboxHost.StartAsync();

        using var answer = await sandbox.SendPushAsync("""{"validate_only":true,"message":{"token":"a"}}""");

        Assert.Contains("fake_message_id", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(await sandbox.MessagesAsync());
    }
}
