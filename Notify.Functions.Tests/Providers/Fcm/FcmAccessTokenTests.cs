using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Notify.Functions.Providers;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.Fcm;

public sealed class FcmAccessTokenTests : IAsyncLifetime
{
    private FcmProject _fcm = null!;

    public async Task InitializeAsync() => _fcm = await FcmProject.StartAsync();

    public async Task DisposeAsync() => await _fcm.DisposeAsync();

    [Fact]
    public async Task Asks_with_an_assertion_that_the_service_account_signed()
    {
        await _fcm.SendAsync("device:A");

        var asked = Assert.Single(_fcm.TokenRequests);
        Assert.Equal(("POST", "application/x-www-form-urlencoded"), (asked.Method, asked.Headers["Content-Type"]));
        Assert.False(asked.Headers.ContainsKey("Authorization"));
        var form = FormBody.Read(asked.Body);
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", form.Value("grant_type"));
        var parts = form.Value("assertion")!.Split('.');
        Assert.True(FcmProject.Key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1));
        Assert.Equal("""{"alg":"RS256","typ":"JWT","kid":"key-1"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        var claims = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Base64Url.DecodeFromChars(parts[1]))!;
        Assert.Equal("sender@demo.iam.gserviceaccount.com", claims["iss"].GetString());
        Assert.Equal("https://www.googleapis.com/auth/firebase.messaging", claims["scope"].GetString());
        Assert.Equal($"{_fcm.Server.Address}/token", claims["aud"].GetString());
        Assert.Equal(ProviderApp.Start.ToUnixTimeSeconds(), claims["iat"].GetInt64());
        Assert.Equal(ProviderApp.Start.AddHours(1).ToUnixTimeSeconds(), claims["exp"].GetInt64());
    }

    [Fact]
    public async Task Keeps_a_token_until_a_minute_before_it_expires()
    {
        await _fcm.SendAsync("device:A");
        _fcm.App.Clock.SetUtcNow(ProviderApp.Start.AddSeconds(3539));
        await _fcm.SendAsync("device:A");
        Assert.Single(_fcm.TokenRequests);
        _fcm.App.Clock.SetUtcNow(ProviderApp.Start.AddSeconds(3540));
        await _fcm.SendAsync("device:A");
        Assert.Equal(2, _fcm.TokenRequests.Count());
    }

    [Fact]
    public async Task Senders_that_start_together_ask_once()
    {
        using var everybodyAsked = new ManualResetEventSlim();
        _fcm.Token = _ =>
        {
            everybodyAsked.Wait();
            return new ProviderReply(200, FcmProject.Granted);
        };
        var sends = Enumerable.Range(0, 20).Select(device => _fcm.SendAsync($"device:{device}")).ToList();
        everybodyAsked.Set();
        Assert.All(await Task.WhenAll(sends), result => Assert.IsType<SendResult.Accepted>(result));
        Assert.Single(_fcm.TokenRequests);
    }

    [Fact]
    public async Task A_sender_that_is_cancelled_does_not_take_the_token_from_the_others()
    {
        using var cancel = new CancellationTokenSource();
        using var oneLeft = new ManualResetEventSlim();
        _fcm.Token = _ =>
        {
            oneLeft.Wait(CancellationToken.None);
            return new ProviderReply(200, FcmProject.Granted);
        };
        var first = _fcm.SendAsync(Requests.Alert(Requests.To("d~1", "device:A")), cancel.Token);
        var second = _fcm.SendAsync("device:B");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        oneLeft.Set();
        Assert.IsType<SendResult.Accepted>(await second);
        Assert.Single(_fcm.TokenRequests);
    }

    [Fact]
    public async Task A_token_that_the_API_refuses_is_asked_for_anew_and_the_message_goes_with_the_next_one()
    {
        var sent = 0;
        _fcm.Send = _ => sent++ == 0 ? Refused : new ProviderReply(200, """{"name":"m"}""");
        Assert.Equal(new SendResult.Accepted("m"), await _fcm.SendAsync("device:A"));
        Assert.Equal((2, 2), (_fcm.TokenRequests.Count(), _fcm.Messages.Count()));
    }

    [Fact]
    public async Task An_account_is_refused_only_when_a_new_token_is_too()
    {
        _fcm.Send = _ => Refused;
        Assert.Equal(new SendResult.AccountRefused("fcm:UNAUTHENTICATED"), await _fcm.SendAsync("device:A"));
        Assert.Equal((2, 2), (_fcm.TokenRequests.Count(), _fcm.Messages.Count()));
    }

    private static ProviderReply Refused => new(401, """{"error":{"code":401,"status":"UNAUTHENTICATED","message":"m"}}""");

    [Theory]
    [InlineData(400, """{"error":"invalid_grant","error_description":"Invalid JWT Signature."}""", "fcm:oauth-invalid_grant", true)]
    [InlineData(401, """{"error":"somebody@example.com"}""", "fcm:oauth-http-401", true)]
    [InlineData(429, "", "fcm:oauth-http-429", false)]
    [InlineData(500, "", "fcm:oauth-http-500", false)]
    [InlineData(502, "", "fcm:oauth-http-502", false)]
    [InlineData(503, "", "fcm:oauth-http-503", false)]
    [InlineData(200, "", "fcm:oauth-unreadable", false)]
    [InlineData(200, """{"access_token":"a\r\nb","expires_in":3600}""", "fcm:oauth-unreadable", false)]
    public async Task A_refused_token_decides_the_message_and_is_tried_again_with_the_next(
        int status, string body, string reason, bool isOfAccount)
    {
        _fcm.Token = _ => new ProviderReply(status, body);
        SendResult expected = isOfAccount ? new SendResult.AccountRefused(reason) : new SendResult.Unavailable(reason);
        Assert.Equal(expected, await _fcm.SendAsync("device:A"));
        Assert.Empty(_fcm.Messages);
        Assert.Contains(_fcm.App.Log.Lines, line => line.Contains(reason, StringComparison.Ordinal));

        _fcm.Token = _ => new ProviderReply(200, FcmProject.Granted);
        Assert.IsType<SendResult.Accepted>(await _fcm.SendAsync("device:A"));
    }

    [Fact]
    public async Task A_token_endpoint_that_cannot_be_reached_is_unavailable()
    {
        await _fcm.Server.DisposeAsync();
        Assert.Equal(new SendResult.Unavailable("fcm:oauth-connect-failed"), await _fcm.SendAsync("device:A"));
    }
}
