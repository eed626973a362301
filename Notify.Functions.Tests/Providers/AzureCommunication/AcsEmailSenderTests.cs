using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Providers.AzureCommunication;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.AzureCommunication;

public sealed class AcsEmailSenderTests : IAsyncLifetime, IDisposable
{
    private const string Attempt = AzureCommunicationAccount.Attempt;

    private static readonly string Operation = AttemptUuid.Derive(Attempt).ToString();
    private static readonly SendRequest Request = Requests.Alert(Requests.To(Attempt, "a@example.com"));

    private ProviderServer _server = null!;
    private ProviderApp _app = null!;

    public async Task InitializeAsync()
    {
        _server = await ProviderServer.StartAsync(request =>
            new ProviderReply(202, $$"""{"id":"{{request.Headers["Operation-Id"]}}","status":"Running","error":null}"""));
        _app = new ProviderApp(AzureCommunicationAccount.Settings(_server.Address), builder =>
            builder.AddAzureCommunication(sendsEmail: true, sendsSms: false));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _app.Dispose();

    [Fact]
    public async Task Sends_the_documented_request()
    {
        var request = Request with
        {
            Content = new MessageContent("Вход\r\nBcc: x",
            "New sign-in <Oslo>")
            { Url = "https://app.example/?a=1&b=2" }
        };

        Assert.Equal(new SendResult.Accepted(Operation), await SendAsync(request));

        var sent = Assert.Single(_server.Requests);
        Assert.Equal(("POST", "/emails:send?api-version=2023-03-31"), (sent.Method, sent.Target));
        Assert.Equal(Operation, sent.Headers["Operation-Id"]);
        Assert.Equal("application/json", sent.Headers["Content-Type"]);
        var signature = new AzureCommunicationSignature(AzureCommunicationAccount.AccessKey)
            .Sign(HttpMethod.Post, new Uri($"http://{sent.Headers["Host"]}{sent.Target}"), sent.Body, _app.Clock.GetUtcNow());
        Assert.Equal(
            (signature.Authorization.ToString(), signature.Date, signature.ContentHash),
            (sent.Headers["Authorization"], sent.Headers["x-ms-date"], sent.Headers["x-ms-content-sha256"]));
        Assert.Equal(
            $$$"""
            {"senderAddress":"hello@notify.example","recipients":{"to":[{"address":"a@example.com"}]},
            "content":{"subject":"Вход  Bcc: x","plainText":"New sign-in <Oslo>\n\nhttps://app.example/?a=1&b=2",
            "html":"<p>New sign-in &lt;Oslo&gt;</p><p><a href=\"https://app.example/?a=1&amp;b=2\">https://app.example/?a=1&amp;b=2</a></p>"},
            "headers":{"X-Notify-Attempt":"{{{Attempt}}}"}}
            """.ReplaceLineEndings(""), sent.Text);
    }

    [Fact]
    public async Task An_email_that_can_be_unsubscribed_from_says_where()
    {
        var target = Request.Targets[0] with { UnsubscribeUrl = new Uri("https://notify.example/api/unsubscribe/t") };
        await SendAsync(Request with { Targets = [target] });
        var text = Assert.Single(_server.Requests).Text;
        Assert.Contains("""
            "List-Unsubscribe":"<https://notify.example/api/unsubscribe/t>","List-Unsubscribe-Post":"List-Unsubscribe=One-Click"
            """, text, StringComparison.Ordinal);
        Assert.Contains("""\n\n--\nUnsubscribe: https://notify.example/api/unsubscribe/t","html":""", text, StringComparison.Ordinal);
        Assert.Contains("<a href=\\\"https://notify.example/api/unsubscribe/t\\\">Unsubscribe</a>", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeated_attempt_is_the_same_operation_and_the_next_attempt_another()
    {
        await SendAsync(Request);
        await SendAsync(Request);
        await SendAsync(Request with { Targets = [Requests.To(Attempt.Replace("~1", "~2", StringComparison.Ordinal), "a@example.com")] });
        var operations = _server.Requests.Select(request => request.Headers["Operation-Id"]).ToList();
        Assert.Equal([Operation, Operation], operations.Take(2));
        Assert.NotEqual(Operation, operations[2]);
    }

    [Theory]
    [InlineData(400, "InvalidRequest", "Rejected { Reason = acs-email:http-400, AddressIsDead = False }")]
    [InlineData(401, "Denied", "AccountRefused { Reason = acs-email:Denied }")]
    [InlineData(403, "Forbidden", "AccountRefused { Reason = acs-email:Forbidden }")]
    [InlineData(404, "DomainNotLinked", "AccountRefused { Reason = acs-email:DomainNotLinked }")]
    [InlineData(400, "EmailDroppedAllRecipientsSuppressed",
        "Rejected { Reason = acs-email:EmailDroppedAllRecipientsSuppressed, AddressIsDead = True }")]
    [InlineData(413, "", "Rejected { Reason = acs-email:http-413, AddressIsDead = False }")]
    [InlineData(409, "Conflict", "Unknown { Reason = acs-email:http-409 }")]
    [InlineData(429, "TooManyRequests", "RateLimited { Reason = acs-email:TooManyRequests, RetryAfter = 00:00:07 }")]
    [InlineData(500, "InternalServerError", "Unavailable { Reason = acs-email:http-500, RetryAfter = 00:00:07 }")]
    [InlineData(503, "ServiceUnavailable", "Unavailable { Reason = acs-email:http-503, RetryAfter = 00:00:07 }")]
    [InlineData(502, "", "Unknown { Reason = acs-email:http-502 }")]
    [InlineData(504, "", "Unknown { Reason = acs-email:http-504 }")]
    public async Task A_refusal_means_what_is_documented(int status, string code, string expected)
    {
        _server.Reply = _ => new ProviderReply(status, $$$"""{"error":{"code":"{{{code}}}","message":"a@example.com"}}""",
            ("Retry-After", "7"));
        Assert.Equal(expected, (await SendAsync(Request)).ToString());
    }

    [Fact]
    public async Task A_faulty_address_is_dead_whoever_finds_it()
    {
        _server.Reply = _ => new ProviderReply(400, """{"error":{"code":"InvalidRequest","message":"Invalid format for email address"}}""");
        var dead = new SendResult.Rejected("acs-email:invalid-address", AddressIsDead: true);
        Assert.Equal(dead, await SendAsync(Request));
        Assert.Equal(dead, await SendAsync(Requests.Alert(Requests.To(Attempt, "no address"))));
        Assert.Single(_server.Requests);
    }

    private async Task<SendResult> SendAsync(SendRequest request) =>
        Assert.Single(await _app.Sender.SendAsync(request, CancellationToken.None));
}
