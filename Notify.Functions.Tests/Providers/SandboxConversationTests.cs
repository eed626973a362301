using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Providers.AzureCommunication;
using Notify.Functions.Providers.Fcm;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Providers.Twilio;
using Notify.Functions.Reports;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.Providers.AzureCommunication;
using Notify.Functions.Tests.Providers.Harness;
using Notify.Sandbox;
using Notify.Sandbox.Common;

namespace Notify.Functions.Tests.Providers;

/// <summary>
/// The senders and the readers against the sandbox, which has the providers' dialects from their documentation, not from this code.
/// </summary>
public sealed class SandboxConversationTests : IAsyncLifetime
{
    private const string Attempt = AzureCommunicationAccount.Attempt;

    private readonly System.Threading.Channels.Channel<ProviderRequest> _calls =
        System.Threading.Channels.Channel.CreateUnbounded<ProviderRequest>();
    private ProviderServer _receiver = null!;
    private WebApplication _sandbox = null!;

    public async Task InitializeAsync()
    {
        _receiver = await ProviderServer.StartAsync(request =>
        {
            _calls.Writer.TryWrite(request);
            return new ProviderReply(200);
        });
        _sandbox = SandboxApp.Build(new SandboxOptions
        {
            Port = 0,
            CallbackBase = _receiver.Address,
            ReportInterval = TimeSpan.FromMilliseconds(1),
            BatchWindow = TimeSpan.FromMilliseconds(1)
        });
        await _sandbox.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task An_email_is_accepted_and_its_events_come_back()
    {
        using var app = App(builder => builder.AddSendGrid(inUse: true));
        await SendAsync(app, "bob@example.com");
        await HearAsync(app.Webhook, ReportedFact.Delivered);
    }

    [Fact]
    public async Task A_text_message_is_accepted_and_its_status_comes_back()
    {
        using var app = App(builder => builder.AddTwilio(inUse: true));
        await SendAsync(app, "+15125550100");
        await HearAsync(app.Webhook, ReportedFact.Delivered);
    }

    [Fact]
    public async Task An_email_is_accepted_by_Azure_and_its_events_come_back()
    {
        using var app = App(builder => builder.AddAzureCommunication(sendsEmail: true, sendsSms: false));
        await SendAsync(app, "bob@example.com");
        await HearAsync(app.Webhook, ReportedFact.Delivered);
    }

    [Fact]
    public async Task A_text_message_is_accepted_by_Azure_and_its_events_come_back()
    {
        using var app = App(builder => builder.AddAzureCommunication(sendsEmail: false, sendsSms: true));
        await SendAsync(app, "+15125550100");
        await HearAsync(app.Webhook, ReportedFact.Delivered);
    }

    [Fact]
    public async Task A_push_notification_is_accepted()
    {
        using var app = App(builder => builder.AddFcm(inUse: true));
        await SendAsync(app, "device:abc");
    }

    private static async Task SendAsync(ProviderApp app, string address)
    {
        app.Clock.AdjustTime(TimeProvider.System.GetUtcNow()); // The sandbox checks the age of a token request.
        var request = Requests.Alert(Requests.To(Attempt, address)) with
        {
            Category = "security",
            ExpiresAt = app.Clock.GetUtcNow().AddMinutes(5),
            Content = new MessageContent("Вход", "New sign-in")
            {
                Url = "https://app.example/?a=1",
                Data = new Dictionary<string, string> { ["from"] = "web" }
            },
        };
        Assert.IsType<SendResult.Accepted>(Assert.Single(await app.Sender.SendAsync(request, CancellationToken.None)));
    }

    /// <summary>Reads the calls until one has the fact; each must be genuine, and about our attempt.</summary>
    private async Task HearAsync(IWebhookProvider webhook, ReportedFact fact)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        await foreach (var call in _calls.Reader.ReadAllAsync(patience.Token))
        {
            var request = new WebhookRequest(call.Target, call.Headers, call.Headers["Content-Type"], call.Body);
            Assert.StartsWith($"/api/webhooks/{webhook.Name}", request.Path, StringComparison.Ordinal);
            Assert.Equal(WebhookVerdict.Valid, webhook.Verify(request, TimeProvider.System.GetUtcNow()));
            var reports = webhook.Parse(request, TimeProvider.System.GetUtcNow()).Reports;
            Assert.All(reports, report => Assert.True(report.AttemptId == Attempt || report.AttemptUuid == AttemptUuid.Derive(Attempt)));
            if (reports.Any(report => report.Fact == fact))
            {
                return;
            }
        }
    }

    private ProviderApp App(Action<IHostApplicationBuilder> add)
    {
        var settings = SandboxSettings.For(_sandbox.Urls.Single()).ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        settings["Notify:PublicBaseUrl"] = _receiver.Address;
        return new ProviderApp(settings, add);
    }
}
