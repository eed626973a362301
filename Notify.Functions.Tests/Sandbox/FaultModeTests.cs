using System.Net;

namespace Notify.Functions.Tests.Sandbox;

public class FaultModeTests
{
    private static readonly TimeSpan ClientPatience = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData("fcm")]
    [InlineData("sendgrid")]
    [InlineData("twilio")]
    [InlineData("acs-email")]
    [InlineData("acs-sms")]
    public async Task An_error_is_worded_by_the_provider_and_keeps_nothing(string provider)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SetFaultAsync($$"""{"provider":"{{provider}}","mode":"error","count":1}""");

        using var failed = await SmallestRequest.SendAsync(sandbox, provider);
        using var next = await SmallestRequest.SendAsync(sandbox, provider);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        var marker = provider switch
        {
            "fcm" =>
            "\"UNAVAILABLE\"",
            "sendgrid" => "\"errors\"",
            "twilio" => "20503",
            _ => "\"ServiceUnavailable\""
        };
        Assert.Contains(marker, await failed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(next.IsSuccessStatusCode);
        Assert.Single(await sandbox.MessagesAsync());
    }

    [Theory]
    [InlineData("fcm", 500)]
    [InlineData("sendgrid", 502)]
    [InlineData("twilio", 504)]
    public async Task An_error_has_the_status_that_was_asked_for(string provider, int status)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SetFaultAsync($$"""{"provider":"{{provider}}","mode":"error","status":{{status}}}""");

        using var answer = await SmallestRequest.SendAsync(sandbox, provider);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("fcm", "Retry-After")]
    [InlineData("sendgrid", "X-RateLimit-Reset")]
    [InlineData("twilio", "Retry-After")]
    [InlineData("acs-email", "Retry-After")]
    [InlineData("acs-sms", "Retry-After")]
    public async Task A_rate_limit_is_the_providers_own_429(string provider, string header)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SetFaultAsync($$"""{"provider":"{{provider}}","mode":"rateLimit","delayMs":2500}""");

        using var answer = await SmallestRequest.SendAsync(sandbox, provider);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        var value = long.Parse(Assert.Single(answer.Headers.GetValues(header)));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        Assert.InRange(provider == "sendgrid" ? value - now : value, provider == "sendgrid" ? 1 : 3, 3);
        Assert.Empty(await sandbox.MessagesAsync());
    }

    [Theory]
    [InlineData("fcm", "INVALID_ARGUMENT")]
    [InlineData("sendgrid", "Does not contain a valid address.")]
    [InlineData("twilio", "21211")]
    [InlineData("acs-email", "Invalid format for email address")]
    [InlineData("acs-sms", "BadRequest")]
    public async Task A_rejection_is_for_good(string provider, string text)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SetFaultAsync($$"""{"provider":"{{provider}}","mode":"reject"}""");

        using var answer = await SmallestRequest.SendAsync(sandbox, provider);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(text, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timeout", 0)]
    [InlineData("acceptThenTimeout", 1)]
    public async Task A_timeout_never_answers_and_keeps_the_message_only_where_it_was_accepted(string mode, int kept)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SetFaultAsync($$"""{"provider":"fcm","mode":"{{mode}}"}""");
        var token = await ServiceAccount.AccessTokenAsync(sandbox);
        using var patience = new CancellationTokenSource(ClientPatience);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            sandbox.SendPushAsync(SmallestRequest.Push, token, cancellation: patience.Token));

        Assert.Equal(kept, (await sandbox.MessagesAsync()).Count);
    }

    [Theory]
    [InlineData("""{"provider":"twilio","mode":"reset"}""", 0)]
    [InlineData("""{"provider":"twilio","mode":"timeout","delayMs":50}""", 0)]
    [InlineData("""{"provider":"twilio","mode":"acceptThenTimeout","delayMs":50}""", 1)]
    public async Task A_broken_connection_is_no_answer(string fault, int kept)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SetFaultAsync(fault);

        await Assert.ThrowsAsync<HttpRequestException>(() => SmallestRequest.SendAsync(sandbox, "twilio"));

        Assert.Equal(kept, (await sandbox.MessagesAsync()).Count);
    }

    [Fact]
    public async Task A_slow_provider_accepts_late_and_forgets_who_does_not_wait()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var token = await ServiceAccount.AccessTokenAsync(sandbox);
        await sandbox.SetFaultAsync("""{"provider":"fcm","mode":"slow","delayMs":400}""");

        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            sandbox.SendPushAsync(SmallestRequest.Push, token, cancellation: patience.Token));
        using var answer = await sandbox.SendPushAsync(SmallestRequest.Push, token, cancellation: CancellationToken.None);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Single(await sandbox.MessagesAsync());
    }

    [Fact]
    public async Task A_bounce_says_unregistered_where_no_report_could_follow()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SetFaultAsync("""{"provider":"*","mode":"bounce"}""");

        using var answer = await sandbox.SendPushAsync(SmallestRequest.Push);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
