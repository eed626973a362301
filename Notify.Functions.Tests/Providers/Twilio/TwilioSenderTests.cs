using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Providers;
using Notify.Functions.Providers.Twilio;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.Twilio;

public sealed class TwilioSenderTests : IAsyncLifetime, IDisposable
{
    private static readonly SendRequest Request = Requests.Alert(Requests.To("r.t.e.s~1", "+15125550100"));

    private ProviderServer _server = null!;
    private ProviderApp _app = null!;

    public async Task InitializeAsync()
    {
        _server = await ProviderServer.StartAsync(_ =>
            new ProviderReply(201, """{"sid":"SM1234567890abcdef1234567890abcdef","status":"queued","to":"+15125550100"}"""));
        _app = App();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _app.Dispose();

    [Fact]
    public async Task Sends_the_documented_request()
    {
        var request = Request with
        {
            Content = new MessageContent("Not sent", "Код: 1 & 2") { Url = "https://app.example/s?a=1&b=2" },
            ExpiresAt = _app.Clock.GetUtcNow().AddMinutes(5),
        };

        Assert.Equal(new SendResult.Accepted("SM1234567890abcdef1234567890abcdef"), await SendAsync(request));

        var sent = Assert.Single(_server.Requests);
        Assert.Equal(("POST", $"/2010-04-01/Accounts/{TwilioAccount.Sid}/Messages.json"), (sent.Method, sent.Target));
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{TwilioAccount.Sid}:{TwilioAccount.AuthToken}")),
            sent.Headers["Authorization"]);
        Assert.Equal("application/x-www-form-urlencoded", sent.Headers["Content-Type"]);
        Assert.Equal(
            [
                new("To", "+15125550100"),
                new("From", "+15005550006"),
                new("Body", "Код: 1 & 2\nhttps://app.example/s?a=1&b=2"),
                new("StatusCallback", "https://Notify.Example/base/api/webhooks/twilio?attempt=r.t.e.s~1"),
                new("ValidityPeriod", "300"),
            ],
            FormBody.Read(sent.Body));
    }

    [Theory]
    [InlineData(-10, "1")]
    [InlineData(0.5, "1")]
    [InlineData(59.9, "59")]
    [InlineData(100_000, "36000")]
    public async Task Keeps_the_validity_within_what_Twilio_allows(double seconds, string expected)
    {
        await SendAsync(Request with { ExpiresAt = _app.Clock.GetUtcNow().AddSeconds(seconds) });
        Assert.Equal(expected, FormBody.Read(Assert.Single(_server.Requests).Body).Value("ValidityPeriod"));
    }

    [Fact]
    public async Task Uses_the_messaging_service_and_adds_a_link_only_once()
    {
        _app.Dispose();
        _app = App(("Notify:Providers:Twilio:MessagingServiceSid", "MG1"));
        await SendAsync(Request with { Content = new MessageContent("T", "See https://app.example") { Url = "https://app.example" } });
        var sent = FormBody.Read(Assert.Single(_server.Requests).Body);
        Assert.Equal(("MG1", null, "See https://app.example", null),
            (sent.Value("MessagingServiceSid"), sent.Value("From"), sent.Value("Body"), sent.Value("ValidityPeriod")));
    }

    [Theory]
    [InlineData(429, 20429, "RateLimited { Reason = twilio:20429, RetryAfter =  }")]
    [InlineData(400, 20429, "RateLimited { Reason = twilio:20429, RetryAfter =  }")]
    [InlineData(429, 21611, "RateLimited { Reason = twilio:21611, RetryAfter =  }")]
    [InlineData(400, 30001, "RateLimited { Reason = twilio:30001, RetryAfter =  }")]
    [InlineData(400, 30003, "TargetBusy { Reason = twilio:30003, RetryAfter =  }")]
    [InlineData(400, 30008, "TargetBusy { Reason = twilio:30008, RetryAfter =  }")]
    [InlineData(400, 21211, "Rejected { Reason = twilio:21211, AddressIsDead = True }")]
    [InlineData(503, 21211, "Rejected { Reason = twilio:21211, AddressIsDead = True }")]
    [InlineData(400, 21610, "Rejected { Reason = twilio:21610, AddressIsDead = True }")]
    [InlineData(400, 21614, "Rejected { Reason = twilio:21614, AddressIsDead = True }")]
    [InlineData(400, 21635, "Rejected { Reason = twilio:21635, AddressIsDead = True }")]
    [InlineData(400, 30005, "Rejected { Reason = twilio:30005, AddressIsDead = True }")]
    [InlineData(400, 30006, "Rejected { Reason = twilio:30006, AddressIsDead = True }")]
    [InlineData(400, 21408, "Rejected { Reason = twilio:21408, AddressIsDead = False }")]
    [InlineData(400, 21606, "AccountRefused { Reason = twilio:21606 }")]
    [InlineData(400, 30004, "Rejected { Reason = twilio:30004, AddressIsDead = False }")]
    [InlineData(400, 30007, "Rejected { Reason = twilio:30007, AddressIsDead = False }")]
    [InlineData(401, 20003, "AccountRefused { Reason = twilio:20003 }")]
    [InlineData(500, 20500, "Unavailable { Reason = twilio:20500, RetryAfter =  }")]
    [InlineData(400, 0, "TargetBusy { Reason = twilio:http-400, RetryAfter =  }")]
    [InlineData(404, 0, "AccountRefused { Reason = twilio:http-404 }")]
    [InlineData(429, 0, "RateLimited { Reason = twilio:http-429, RetryAfter =  }")]
    [InlineData(500, 0, "Unavailable { Reason = twilio:http-500, RetryAfter =  }")]
    [InlineData(503, 0, "Unavailable { Reason = twilio:http-503, RetryAfter =  }")]
    [InlineData(502, 0, "Unknown { Reason = twilio:http-502 }")]
    [InlineData(504, 0, "Unknown { Reason = twilio:http-504 }")]
    public async Task The_code_decides_before_the_status(int status, int code, string expected)
    {
        _server.Reply = _ => new ProviderReply(status, code == 0
            ? "<html>" : $$"""{"code":{{code}},"message":"To +15125550100","status":{{status}}}""");
        Assert.Equal(expected, (await SendAsync(Request)).ToString());
    }

    [Fact]
    public async Task Retry_After_is_passed_on()
    {
        _server.Reply = _ => new ProviderReply(429, """{"code":20429}""", ("Retry-After", "3"));
        Assert.Equal(new SendResult.RateLimited("twilio:20429", TimeSpan.FromSeconds(3)), await SendAsync(Request));
    }

    [Fact]
    public async Task A_success_without_a_readable_body_is_accepted_all_the_same()
    {
        _server.Reply = _ => new ProviderReply(201, "");
        Assert.Equal(new SendResult.Accepted(null), await SendAsync(Request));
    }

    // Error 21617: the concatenated message body exceeds the 1600 character limit.
    [Fact]
    public async Task A_text_of_more_characters_than_Twilio_takes_is_not_sent()
    {
        Assert.IsType<SendResult.Accepted>(await SendAsync(Request with { Content = new MessageContent("T", new string('x', 1600)) }));
        Assert.Equal(new SendResult.Rejected("sms:too_long"),
            await SendAsync(Request with { Content = new MessageContent("T", new string('x', 1601)) }));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_text_goes_out_in_plain_characters_and_one_of_too_many_segments_not_at_all()
    {
        Assert.IsType<SendResult.Accepted>(await SendAsync(Request with { Content = new MessageContent("T", "“Now” – it’s here…") }));
        Assert.Equal("\"Now\" - it's here...", FormBody.Read(Assert.Single(_server.Requests).Body).Value("Body"));

        Assert.Equal(new SendResult.Rejected("sms:too_many_segments"),
            await SendAsync(Request with { Content = new MessageContent("T", new string('ж', 1609)) }));
        Assert.Single(_server.Requests);
    }

    /// <summary>Twilio's error 21617: the body holds at most 1,600 characters, whatever that is in segments.</summary>
    [Fact]
    public async Task A_text_of_more_than_1600_characters_is_not_sent()
    {
        Assert.IsType<SendResult.Accepted>(await SendAsync(Request with { Content = new MessageContent("T", new string('a', 1600)) }));
        Assert.Equal(new SendResult.Rejected("sms:too_long"),
            await SendAsync(Request with { Content = new MessageContent("T", new string('a', 1601)) }));
        Assert.Single(_server.Requests);
        Assert.Equal("sms:too_long", _app.Sender.RefusalOf(new MessageContent("T", new string('a', 1601))));
        Assert.Null(_app.Sender.RefusalOf(new MessageContent("T", new string('a', 1600))));
    }

    [Fact]
    public async Task A_recipient_without_a_number_is_rejected() =>
        Assert.Equal(new SendResult.Rejected("twilio:no-number"), await SendAsync(Requests.Alert(Requests.To("d~1"))));

    private async Task<SendResult> SendAsync(SendRequest request) =>
        Assert.Single(await _app.Sender.SendAsync(request, CancellationToken.None));

    private ProviderApp App(params (string Key, string Value)[] more)
    {
        var settings = TwilioAccount.Settings(_server.Address);
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }
        return new ProviderApp(settings, builder => builder.AddTwilio(inUse: true));
    }
}
