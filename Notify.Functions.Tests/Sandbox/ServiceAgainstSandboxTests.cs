using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Providers.AzureCommunication;
using Notify.Functions.Providers.Fcm;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Providers.Twilio;
using Notify.Functions.Reports;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Providers.AzureCommunication;

namespace Notify.Functions.Tests.Sandbox;

/// <summary>The service's own senders and readers of reports, with nothing but the sandbox's settings.</summary>
public sealed class ServiceAgainstSandboxTests : IAsyncLifetime
{
    private const string Attempt = AzureCommunicationAccount.Attempt;

    private WebhookReceiver _receiver = null!;
    private SandboxHost _sandbox = null!;
    private IHost _service = null!;

    public async Task InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _sandbox = await SandboxHost.StartAsync(o => o.CallbackBase = _receiver.BaseUrl);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(_sandbox.Settings!);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Notify:PublicBaseUrl", (string?)_receiver.BaseUrl)]);
        builder.AddFcm(inUse: true).AddSendGrid(inUse: true).AddTwilio(inUse: true).AddAzureCommunication(sendsEmail: true, sendsSms: true);
        _service = builder.Build();
    }

    public async Task DisposeAsync()
    {
        _service.Dispose();
        await _sandbox.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Theory]
    [InlineData("sendgrid", "ann@example.com")]
    [InlineData("twilio", "+4915112345678")]
    [InlineData("fcm", "device-1")]
    [InlineData("acs-email", "ann@example.com")]
    [InlineData("acs-sms", "+4915112345678")]
    public async Task What_a_sender_sends_is_accepted_and_kept_under_its_attempt(string provider, string address)
    {
        var result = await SendAsync(provider, address);

        var accepted = Assert.IsType<SendResult.Accepted>(result);
        var message = Assert.Single(await _sandbox.MessagesAsync());
        Assert.Equal((address, Attempt, provider), (Text(message, "to"), Text(message, "attemptId"), Text(message, "provider")));
        Assert.Equal(accepted.ProviderMessageId, Text(message, "providerMessageId"));
    }

    [Theory]
    [InlineData("sendgrid", "ann@example.com", ReportedFact.Delivered)]
    [InlineData("sendgrid", "bounce@example.com", ReportedFact.Bounced)]
    [InlineData("sendgrid", "deferred@example.com", ReportedFact.Delivered)]
    [InlineData("twilio", "+4915112345678", ReportedFact.Delivered)]
    [InlineData("twilio", "+4915550030003", ReportedFact.Failed)]
    [InlineData("acs-email", "ann@example.com", ReportedFact.Delivered)]
    [InlineData("acs-email", "bounce@example.com", ReportedFact.Bounced)]
    [InlineData("acs-email", "clicks@example.com", ReportedFact.Clicked)]
    [InlineData("acs-sms", "+4915112345678", ReportedFact.Delivered)]
    [InlineData("acs-sms", "+4915550094007", ReportedFact.Failed)]
    public async Task What_is_reported_is_genuine_to_the_services_reader_and_says_what_became_of_the_attempt(
        string provider, string address, ReportedFact fact)
    {
        await SendAsync(provider, address);
        await _sandbox.WebhooksAsync(s => s.GetProperty("pending").GetInt32() == 0);

        var reader = _service.Services.GetServices<IWebhookProvider>()
            .Single(r => r.Name == (provider.StartsWith("acs-", StringComparison.Ordinal) ? "azure-communication" : provider));
        var reports = new List<ProviderReport>();
        foreach (var call in _receiver.Calls)
        {
            var request = new WebhookRequest(call.Target, call.Headers, call.Headers["Content-Type"], call.Body);
            var now = TimeProvider.System.GetUtcNow();
            Assert.Equal(WebhookVerdict.Valid, reader.Verify(request, now));
            Assert.Equal(WebhookVerdict.Forged,
                reader.Verify(request with { Body = (byte[])[.. call.Body, (byte)'x'], Path = call.Target + "x" }, now));
            reports.AddRange(reader.Parse(request, now).Reports);
        }
        Assert.Equal(fact, reports[^1].Fact);
        Assert.True(reports[^1].AttemptId == Attempt || reports[^1].AttemptUuid == AttemptUuid.Derive(Attempt));
    }

    [Theory]
    [InlineData("fcm", "unregistered-1")]
    [InlineData("twilio", "+15005550004")]
    [InlineData("twilio", "+15005550001")]
    [InlineData("acs-email", "nobody@nowhere")]
    [InlineData("acs-sms", "12")]
    public async Task A_dead_address_is_rejected_as_such(string provider, string address) =>
        Assert.True(Assert.IsType<SendResult.Rejected>(await SendAsync(provider, address)).AddressIsDead);

    [Theory]
    [InlineData("error", typeof(SendResult.Unavailable))]
    [InlineData("rateLimit", typeof(SendResult.RateLimited))]
    [InlineData("reject", typeof(SendResult.Rejected))]
    [InlineData("reset", typeof(SendResult.Unknown))]
    public async Task A_fault_is_understood_of_every_provider(string mode, Type expected)
    {
        await _sandbox.SetFaultAsync($$"""{"provider":"*","mode":"{{mode}}"}""");

        Assert.IsType(expected, await SendAsync("sendgrid", "ann@example.com"));
        Assert.IsType(expected, await SendAsync("acs-email", "ann@example.com"));
        Assert.IsType(expected, await SendAsync("acs-sms", "+4915112345678"));
        Assert.IsType(expected, await SendAsync("twilio", "+4915112345678"));
        Assert.IsType(expected, await SendAsync("fcm", "device-1"));
        Assert.Empty(await _sandbox.MessagesAsync());
    }

    [Theory]
    [InlineData("acs-email", "ann@example.com")]
    [InlineData("acs-sms", "+4915112345678")]
    public async Task An_attempt_that_is_sent_again_after_its_answer_was_lost_is_no_second_message(string provider, string address)
    {
        await _sandbox.SetFaultAsync($$"""{"provider":"{{provider}}","mode":"acceptThenTimeout","delayMs":1,"count":1}""");
        var request = Request(address);

        Assert.IsType<SendResult.Unknown>(await SendAsync(provider, request));
        Assert.IsType<SendResult.Accepted>(await SendAsync(provider, request));

        Assert.Single(await _sandbox.MessagesAsync());
    }

    private Task<SendResult> SendAsync(string provider, string address) => SendAsync(provider, Request(address));

    private async Task<SendResult> SendAsync(string provider, SendRequest request)
    {
        var sender = _service.Services.GetServices<IProviderSender>().Single(s => s.Name == provider);
        return Assert.Single(await sender.SendAsync(request, CancellationToken.None));
    }

    private static SendRequest Request(string address) =>
        new(new MessageContent("Заказ", "Your order has been sent."), [new SendTarget(Attempt, "user_1", [address])])
        {
            Type = EventType.Transactional,
            Priority = Priority.High,
        };

    private static string? Text(System.Text.Json.JsonElement json, string name) => json.GetProperty(name).GetString();
}
