using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Providers;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.SendGrid;

public sealed class SendGridSenderTests : IAsyncLifetime, IDisposable
{
    private static readonly ProviderReply Accepted = new(202, "", ("X-Message-Id", "LRzXl_NHStOGhQ4kofSm_A"));

    private ProviderServer _server = null!;
    private ProviderApp _app = null!;

    public async Task InitializeAsync()
    {
        _server = await ProviderServer.StartAsync(_ => Accepted);
        _app = new ProviderApp(SendGridAccount.Settings(_server.Address), builder => builder.AddSendGrid(inUse: true));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _app.Dispose();

    [Fact]
    public async Task Sends_the_documented_request()
    {
        var content = new MessageContent("Вход\r\nBcc: x", "New sign-in <Oslo>\nWas it you?") { Url = "https://app.example/?a=1&b=2" };
        var request = new SendRequest(content, [Requests.To("d1~1", "a@example.com"), Requests.To("d2~1", "b@example.com")])
        {
            Type = EventType.Transactional,
            Priority = Priority.Normal,
            Category = "security",
        };

        var results = await _app.Sender.SendAsync(request, CancellationToken.None);

        Assert.Equal([new SendResult.Accepted("LRzXl_NHStOGhQ4kofSm_A"), new SendResult.Accepted("LRzXl_NHStOGhQ4kofSm_A")], results);
        var sent = Assert.Single(_server.Requests);
        Assert.Equal(("POST", "/v3/mail/send"), (sent.Method, sent.Target));
        Assert.Equal("Bearer SG.secret-key", sent.Headers["Authorization"]);
        Assert.Equal("application/json; charset=utf-8", sent.Headers["Content-Type"]);
        Assert.Equal(
            """
            {"personalizations":[{"to":[{"email":"a@example.com"}],"custom_args":{"attempt_id":"d1~1"}},{"to":[{"email":"b@example.com"}],"custom_args":{"attempt_id":"d2~1"}}],
            "from":{"email":"hello@notify.example","name":"Notify"},
            "subject":"Вход  Bcc: x",
            "content":[{"type":"text/plain","value":"New sign-in <Oslo>\nWas it you?\n\nhttps://app.example/?a=1&b=2"},
            {"type":"text/html","value":"<p>New sign-in &lt;Oslo&gt;<br>Was it you?</p><p><a href=\"https://app.example/?a=1&amp;b=2\">https://app.example/?a=1&amp;b=2</a></p>"}],
            "categories":["transactional","security"]}
            """.ReplaceLineEndings(""), sent.Text);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("/relative")]
    [InlineData(null)]
    public void Links_only_to_web_addresses(string? url)
    {
        var content = new MessageContent("T", "Text") { Url = url };
        Assert.Equal(("Text", "<p>Text</p>"), (EmailText.Plain(content), EmailText.Html(content)));
    }

    [Fact]
    public void Given_HTML_goes_out_as_it_is() =>
        Assert.Equal("<h1>Hi</h1>", EmailText.Html(new MessageContent("T", "Text") { Html = "<h1>Hi</h1>", Url = "https://app.example" }));

    [Fact]
    public async Task A_repeated_address_goes_out_in_a_further_request()
    {
        _server.Reply = request => Addresses(request).Contains("B@example.com") ? new ProviderReply(429) : Accepted;
        var results = await SendAsync("a@example.com", "b@example.com", "B@example.com", "c@example.com");
        Assert.Equal([["a@example.com", "b@example.com", "c@example.com"], ["B@example.com"]], _server.Requests.Select(Addresses));
        Assert.Equal(["Accepted", "Accepted", "RateLimited", "Accepted"], results.Select(result => result.GetType().Name));
    }

    [Fact]
    public async Task One_faulty_address_does_not_take_the_others_with_it()
    {
        _server.Reply = request => Addresses(request).IndexOf("bad@example") is >= 0 and var index
            ? Refusal($"personalizations.{index}.to.0.email") : Accepted;
        var results = await SendAsync("a@example.com", "bad@example", "no-address", "b@example.com");
        Assert.Equal(
            ["Accepted", "Rejected { Reason = sendgrid:invalid-address, AddressIsDead = True }",
                "Rejected { Reason = sendgrid:invalid-address, AddressIsDead = True }", "Accepted"],
            results.Select(result => result is SendResult.Accepted ? "Accepted" : result.ToString()));
        Assert.Equal([["a@example.com", "bad@example", "b@example.com"], ["a@example.com", "b@example.com"]],
            _server.Requests.Select(Addresses));
    }

    [Fact]
    public async Task Gives_up_for_now_when_a_request_is_refused_again_and_again()
    {
        _server.Reply = _ => Refusal("personalizations.0.to.0.email");
        var results = await SendAsync([.. Enumerable.Range(0, 8).Select(n => $"{n}@example.com")]);
        Assert.Equal(5, _server.Requests.Count);
        Assert.Equal(5, results.OfType<SendResult.Rejected>().Count());
        Assert.All(results.Skip(5), result => Assert.Equal(new SendResult.Unavailable("sendgrid:too-many-invalid-addresses"), result));
    }

    [Fact]
    public async Task A_refusal_for_the_message_is_every_recipients()
    {
        _server.Reply = _ => new ProviderReply(400,
            """{"errors":[{"message":"m","field":"personalizations.0.to.0.email"},{"message":"m","field":"from.email"}]}""");
        Assert.All(await SendAsync("a@example.com", "b@example.com"), result =>
            Assert.Equal(new SendResult.Rejected("sendgrid:http-400 (personalizations)"), result));
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData(400, "Rejected { Reason = sendgrid:http-400 (content), AddressIsDead = False }")]
    [InlineData(401, "AccountRefused { Reason = sendgrid:http-401 (content) }")]
    [InlineData(403, "AccountRefused { Reason = sendgrid:http-403 (content) }")]
    [InlineData(404, "AccountRefused { Reason = sendgrid:http-404 (content) }")]
    [InlineData(405, "AccountRefused { Reason = sendgrid:http-405 (content) }")]
    [InlineData(413, "Rejected { Reason = sendgrid:http-413 (content), AddressIsDead = False }")]
    [InlineData(429, "RateLimited { Reason = sendgrid:http-429 (content), RetryAfter =  }")]
    [InlineData(500, "Unavailable { Reason = sendgrid:http-500 (content), RetryAfter =  }")]
    [InlineData(503, "Unavailable { Reason = sendgrid:http-503 (content), RetryAfter =  }")]
    [InlineData(502, "Unknown { Reason = sendgrid:http-502 (content) }")]
    [InlineData(504, "Unknown { Reason = sendgrid:http-504 (content) }")]
    public async Task A_status_means_what_SendGrid_documents(int status, string expected)
    {
        _server.Reply = _ => Refusal("content.0.value", status);
        Assert.Equal(expected, Assert.Single(await SendAsync("a@example.com")).ToString());
    }

    [Theory]
    [InlineData(30, null, 30)]
    [InlineData(0, null, 0)]
    [InlineData(-5, null, null)]
    [InlineData(90_000, null, null)]
    [InlineData(30, "5", 5)]
    public async Task A_rate_limit_lasts_until_its_reset(int resetIn, string? retryAfter, int? seconds)
    {
        var reset = (_app.Clock.GetUtcNow().ToUnixTimeSeconds() + resetIn).ToString(CultureInfo.InvariantCulture);
        _server.Reply = _ => retryAfter is null
            ? new ProviderReply(429, "", ("X-RateLimit-Reset", reset))
            : new ProviderReply(429, "", ("X-RateLimit-Reset", reset), ("Retry-After", retryAfter));
        var expected = seconds is { } s ? TimeSpan.FromSeconds(s) : (TimeSpan?)null;
        Assert.Equal(expected, Assert.IsType<SendResult.RateLimited>(Assert.Single(await SendAsync("a@example.com"))).RetryAfter);
    }

    [Fact]
    public async Task Cancellation_between_two_requests_keeps_what_the_first_one_told()
    {
        using var cancel = new CancellationTokenSource();
        using var client = new HttpClient(new CancelsAfterwards(cancel)) { BaseAddress = new Uri("https://provider.example/") };
        var options = Options.Create(new SendGridOptions { ApiKey = "k", FromAddress = "hello@notify.example" });
        var sender = new SendGridSender(new ProviderHttp(client, _app.Clock), options, _app.Clock);
        var results = await sender.SendAsync(Requests.Alert(Requests.To("d1~1", "a@example.com"), Requests.To("d2~1", "a@example.com")),
            cancel.Token);
        Assert.Equal([new SendResult.Accepted(null), new SendResult.Unavailable("sendgrid:cancelled")], results);
    }

    [Fact]
    public async Task A_thousand_recipients_go_out_in_one_request()
    {
        var results = await SendAsync([.. Enumerable.Range(0, 1000).Select(n => $"{n}@example.com")]);
        Assert.All(results, result => Assert.IsType<SendResult.Accepted>(result));
        Assert.Equal(1000, Addresses(Assert.Single(_server.Requests)).Count);
    }

    private async Task<IReadOnlyList<SendResult>> SendAsync(params string[] addresses) => await _app.Sender.SendAsync(
        Requests.Alert([.. addresses.Select((address, n) => Requests.To($"d{n}~1", address))]), CancellationToken.None);

    private static ProviderReply Refusal(string field, int status = 400) =>
        new(status, $$"""{"errors":[{"message":"m","field":"{{field}}","help":null}]}""");

    private static List<string> Addresses(ProviderRequest request)
    {
        using var document = JsonDocument.Parse(request.Body);
        return [.. document.RootElement.GetProperty("personalizations").EnumerateArray()
            .Select(p => p.GetProperty("to")[0].GetProperty("email").GetString()!)];
    }

    /// <summary>Accepts, and the caller gives up before it can ask for more.</summary>
    private sealed class CancelsAfterwards(CancellationTokenSource cancel) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancel.Cancel();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Accepted));
        }
    }
}
