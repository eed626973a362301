using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Channels;
using Notify.Functions.Delivery.Webhooks;
using Notify.Functions.Events;
using Notify.Functions.Providers.Fcm;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Providers.Twilio;

namespace Notify.Functions.Tests.Sandbox;

/// <summary>The service's own senders and readers of reports, with nothing but the sandbox's settings.</summary>
public sealed class ServiceAgainstSandboxTests : IAsyncLifetime
{
    private WebhookReceiver _receiver = null!;
    private SandboxHost _sandbox = null!;
    private IHost _service = null!;

    public async Task InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _sandbox = await SandboxHost.StartAsync(o => o.CallbackBase = _receiver.BaseUrl);
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(_sandbox.Settings!);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Notify:PublicBaseUrl", (string?)_receiver.BaseUrl)]);
        builder.AddFcm(inUse: true).AddSendGrid(inUse: true).AddTwilio(inUse: true);
        _service = builder.Build();
    }

    public async Task DisposeAsync()
    {
        _service.Dispose();
        await _sandbox.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Theory]
    [InlineData(Channel.Email, "ann@example.com")]
    [InlineData(Channel.Sms, "+4915112345678")]
    [InlineData(Channel.Push, "device-1")]
    public async Task What_a_sender_sends_is_accepted_and_kept_under_its_attempt(Channel channel, string address)
    {
        var result = await SendAsync(channel, address);

        var accepted = Assert.IsType<SendResult.Accepted>(result);
        var message = Assert.Single(await _sandbox.MessagesAsync());
        Assert.Equal((address, "r1.t.e.x~1", channel.Name()), (Text(message, "to"), Text(message, "attemptId"), Text(message, "channel")));
        Assert.Equal(accepted.ProviderMessageId, Text(message, "providerMessageId"));
    }

    [Theory]
    [InlineData(Channel.Email, "ann@example.com", ReportedFact.Delivered)]
    [InlineData(Channel.Email, "bounce@example.com", ReportedFact.Bounced)]
    [InlineData(Channel.Email, "deferred@example.com", ReportedFact.Delivered)]
    [InlineData(Channel.Sms, "+4915112345678", ReportedFact.Delivered)]
    [InlineData(Channel.Sms, "+4915550030003", ReportedFact.Failed)]
    public async Task What_is_reported_is_genuine_to_the_services_reader_and_says_what_became_of_the_attempt(
        Channel channel, string address, ReportedFact fact)
    {
        await SendAsync(channel, address);
        await _sandbox.WebhooksAsync(s => s.GetProperty("pending").GetInt32() == 0);

        var reader = _service.Services.GetServices<IWebhookProvider>().Single(r => r.Name == (channel == Channel.Email ? "sendgrid" : "twilio"));
        var reports = new List<ProviderReport>();
        foreach (var call in _receiver.Calls)
        {
            var request = new WebhookRequest(call.Target, call.Headers, call.Headers["Content-Type"], call.Body);
            var now = TimeProvider.System.GetUtcNow();
            Assert.Equal(WebhookVerdict.Valid, reader.Verify(request, now));
            Assert.Equal(WebhookVerdict.Forged, reader.Verify(request with { Body = (byte[])[.. call.Body, (byte)'x'] }, now));
            reports.AddRange(reader.Parse(request, now).Reports);
        }
        Assert.Equal(fact, reports[^1].Fact);
        Assert.Equal("r1.t.e.x~1", reports[^1].AttemptId);
    }

    [Theory]
    [InlineData(Channel.Push, "unregistered-1")]
    [InlineData(Channel.Sms, "+15005550004")]
    [InlineData(Channel.Sms, "+15005550001")]
    public async Task A_dead_address_is_rejected_as_such(Channel channel, string address) =>
        Assert.True(Assert.IsType<SendResult.Rejected>(await SendAsync(channel, address)).AddressIsDead);

    [Theory]
    [InlineData("error", typeof(SendResult.Unavailable))]
    [InlineData("rateLimit", typeof(SendResult.RateLimited))]
    [InlineData("reject", typeof(SendResult.Rejected))]
    [InlineData("reset", typeof(SendResult.Unknown))]
    public async Task A_fault_is_understood_on_every_channel(string mode, Type expected)
    {
        await _sandbox.SetFaultAsync($$"""{"provider":"*","mode":"{{mode}}"}""");

        Assert.IsType(expected, await SendAsync(Channel.Email, "ann@example.com"));
        Assert.IsType(expected, await SendAsync(Channel.Sms, "+4915112345678"));
        Assert.IsType(expected, await SendAsync(Channel.Push, "device-1"));
        Assert.Empty(await _sandbox.MessagesAsync());
    }

    private async Task<SendResult> SendAsync(Channel channel, string address)
    {
        var sender = _service.Services.GetServices<IProviderSender>().Single(s => s.Channel == channel);
        var request = new SendRequest(new MessageContent("Заказ", "Your order has been sent."), [new SendTarget("r1.t.e.x~1", "user_1", [address])])
        {
            Type = EventType.Transactional,
            Priority = Priority.High,
        };
        return Assert.Single(await sender.SendAsync(request, CancellationToken.None));
    }

    private static string? Text(System.Text.Json.JsonElement json, string name) => json.GetProperty(name).GetString();
}
