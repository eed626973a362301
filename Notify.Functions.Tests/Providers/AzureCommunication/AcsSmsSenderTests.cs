using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Providers.AzureCommunication;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Sms;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.AzureCommunication;

public sealed class AcsSmsSenderTests : IAsyncLifetime, IDisposable
{
    private const string Attempt = AzureCommunicationAccount.Attempt;
    private const string Message = "Outgoing_202009180022138813a09b-0cbf-4304-9b03-1546683bb910";

    private static readonly SendRequest Request = Requests.Alert(Requests.To(Attempt, "+15125550100"));

    private ProviderServer _server = null!;
    private ProviderApp _app = null!;

    public async Task InitializeAsync()
    {
        _server = await ProviderServer.StartAsync(_ =>
            Item($$"""{"to":"+15125550100","messageId":"{{Message}}","httpStatusCode":202,"repeatabilityResult":"accepted","successful":true}"""));
        _app = new ProviderApp(AzureCommunicationAccount.Settings(_server.Address), builder =>
            builder.AddAzureCommunication(sendsEmail: false, sendsSms: true));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _app.Dispose();

    [Fact]
    public async Task Sends_the_documented_request()
    {
        var request = Request with
        {
            Content = new MessageContent("Not sent",
            "Code: \u201C1\u201D")
            { Url = "https://app.example/s?a=1&b=2" }
        };

        Assert.Equal(new SendResult.Accepted(Message), await SendAsync(request));

        var sent = Assert.Single(_server.Requests);
        Assert.Equal(("POST", "/sms?api-version=2021-03-07"), (sent.Method, sent.Target));
        var signature = new AzureCommunicationSignature(AzureCommunicationAccount.AccessKey)
            .Sign(HttpMethod.Post, new Uri($"http://{sent.Headers["Host"]}{sent.Target}"), sent.Body, _app.Clock.GetUtcNow());
        Assert.Equal(signature.Authorization.ToString(), sent.Headers["Authorization"]);
        Assert.Equal(
            $$$"""
            {"from":"+15005550006",
            "smsRecipients":[{"to":"+15125550100","repeatabilityRequestId":"{{{AttemptUuid.Derive(Attempt)}}}","repeatabilityFirstSent":"Sun, 22 Nov 2026 10:00:00 GMT"}],
            "message":"Code: \"1\"\nhttps://app.example/s?a=1&b=2",
            "smsSendOptions":{"enableDeliveryReport":true,"tag":"{{{Attempt}}}"}}
            """.ReplaceLineEndings(""), sent.Text);
    }

    [Fact]
    public async Task A_request_that_is_sent_again_is_the_same_request_also_by_its_first_time()
    {
        await SendAsync(Request);
        _app.Clock.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(Request);
        await SendAsync(Request with { Targets = [Requests.To(Attempt.Replace("~1", "~2", StringComparison.Ordinal), "+15125550100")] });
        var ids = _server.Requests.Select(Repeatability).ToList();
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0].Id, ids[2].Id);
        Assert.Equal("Sun, 22 Nov 2026 10:01:00 GMT", ids[2].FirstSent);
    }

    [Fact]
    public async Task A_text_of_too_many_characters_is_not_sent()
    {
        Assert.Equal(new SendResult.Rejected(SmsText.TooLong),
            await SendAsync(Request with { Content = new MessageContent("T", new string('x', 1601)) }));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_text_of_too_many_segments_is_not_sent()
    {
        Assert.Equal(new SendResult.Rejected(SmsText.TooManySegments),
            await SendAsync(Request with { Content = new MessageContent("T", new string('x', 24 * 153 + 1)) }));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_text_of_more_than_2048_characters_is_not_sent()
    {
        using var app = new ProviderApp(AzureCommunicationAccount.Settings(_server.Address), builder =>
        {
            builder.AddAzureCommunication(sendsEmail: false, sendsSms: true);
            builder.Services.Configure<ChannelsOptions>(options => options.Sms.MaxMessageLength = 5000);
        });
        async Task<SendResult> SendAsync(int length) =>
            Assert.Single(await app.Sender.SendAsync(Request with { Content = new MessageContent("T", new string('a', length)) },
                CancellationToken.None));

        Assert.IsType<SendResult.Accepted>(await SendAsync(2048));
        Assert.Equal(new SendResult.Rejected("sms:too_long"), await SendAsync(2049));
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData("""{"httpStatusCode":400,"errorMessage":"Invalid To phone number format.","successful":false}""",
        "Rejected { Reason = acs-sms:invalid-number, AddressIsDead = True }")]
    [InlineData("""{"httpStatusCode":400,"errorMessage":"Invalid From phone number format.","successful":false}""",
        "AccountRefused { Reason = acs-sms:invalid-sender }")]
    [InlineData("""{"httpStatusCode":404,"successful":false}""", "AccountRefused { Reason = acs-sms:http-404 }")]
    [InlineData("""{"httpStatusCode":412,"repeatabilityResult":"rejected","successful":false}""",
        "TargetBusy { Reason = acs-sms:http-412, RetryAfter =  }")]
    [InlineData("""{"httpStatusCode":409,"successful":false}""", "Unknown { Reason = acs-sms:http-409 }")]
    [InlineData("""{"httpStatusCode":429,"successful":false}""", "RateLimited { Reason = acs-sms:http-429, RetryAfter =  }")]
    [InlineData("""{"httpStatusCode":500,"successful":false}""", "Unavailable { Reason = acs-sms:http-500, RetryAfter =  }")]
    [InlineData("""{"httpStatusCode":502,"successful":false}""", "Unknown { Reason = acs-sms:http-502 }")]
    [InlineData("""{"httpStatusCode":202,"successful":false}""", "Unknown { Reason = acs-sms:unreadable-answer }")]
    [InlineData("""{}""", "Unknown { Reason = acs-sms:unreadable-answer }")]
    [InlineData("""{"successful":true}""", "Accepted { ProviderMessageId = , Delivered = False, DeadAddresses = System.String[] }")]
    public async Task The_recipients_own_status_decides(string item, string expected)
    {
        _server.Reply = _ => Item(item);
        Assert.Equal(expected, (await SendAsync(Request)).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"value":[]}""")]
    [InlineData("""{"value":{}}""")]
    public async Task An_answer_without_the_recipient_leaves_it_unknown(string body)
    {
        _server.Reply = _ => new ProviderReply(202, body);
        Assert.Equal(new SendResult.Unknown("acs-sms:unreadable-answer"), await SendAsync(Request));
    }

    [Theory]
    [InlineData(401, "Unauthorized", "AccountRefused { Reason = acs-sms:Unauthorized }")]
    [InlineData(503, "Unauthorized", "AccountRefused { Reason = acs-sms:Unauthorized }")]
    [InlineData(429, "Other", "RateLimited { Reason = acs-sms:http-429, RetryAfter = 00:00:07 }")]
    [InlineData(503, "Other", "Unavailable { Reason = acs-sms:http-503, RetryAfter = 00:00:07 }")]
    [InlineData(504, "Other", "Unknown { Reason = acs-sms:http-504 }")]
    public async Task A_refusal_of_the_whole_request_goes_by_its_code_then_by_its_status(int status, string code, string expected)
    {
        _server.Reply = _ => new ProviderReply(status, $$$"""{"error":{"code":"{{{code}}}","message":"+15125550100"}}""",
            ("Retry-After", "7"));
        Assert.Equal(expected, (await SendAsync(Request)).ToString());
    }

    private async Task<SendResult> SendAsync(SendRequest request) =>
        Assert.Single(await _app.Sender.SendAsync(request, CancellationToken.None));

    private static ProviderReply Item(string item) => new(202, $$"""{"value":[{{item}}]}""");

    private static (string Id, string FirstSent) Repeatability(ProviderRequest request)
    {
        using var document = JsonDocument.Parse(request.Body);
        var recipient = document.RootElement.GetProperty("smsRecipients")[0];
        return (recipient.GetProperty("repeatabilityRequestId").GetString()!, recipient.GetProperty("repeatabilityFirstSent").GetString()!);
    }
}
