using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Providers;
using Notify.Functions.Providers.AzureCommunication;
using Notify.Functions.Providers.Fcm;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Providers.Twilio;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Providers.AzureCommunication;
using Notify.Functions.Tests.Providers.Fcm;
using Notify.Functions.Tests.Providers.Harness;
using Notify.Functions.Tests.Providers.SendGrid;
using Notify.Functions.Tests.Providers.Twilio;

namespace Notify.Functions.Tests.Providers;

/// <summary>The tables of docs/providers.md: they are the code's, and each row is what a sender makes of such an answer.</summary>
public sealed partial class ProviderErrorTests
{
    private static readonly Dictionary<string, (ErrorTable Table, string Prefix)> Providers = new(StringComparer.Ordinal)
    {
        ["SendGrid"] = (SendGridError.Table, "sendgrid:"),
        ["Twilio"] = (TwilioError.Table, "twilio:"),
        ["Firebase Cloud Messaging"] = (FcmError.Table, "fcm:"),
        ["Firebase Cloud Messaging: access tokens"] = (FcmOAuthError.Table, "fcm:oauth-"),
        ["Azure Communication Services: email"] = (AzureCommunicationError.Email, "acs-email:"),
        ["Azure Communication Services: text messages"] = (AzureCommunicationError.Sms, "acs-sms:"),
    };

    private static readonly Dictionary<ErrorScope, string> Words = new()
    {
        [ErrorScope.DeadAddress] = "address, gone",
        [ErrorScope.Address] = "address",
        [ErrorScope.Message] = "message",
        [ErrorScope.Account] = "account",
        [ErrorScope.Rate] = "now: rate",
        [ErrorScope.Outage] = "now: outage",
        [ErrorScope.Target] = "recipient, for a while",
        [ErrorScope.Unknown] = "unknown",
    };

    /// <summary>Every row of every provider, those that all have included where a provider has none of its own.</summary>
    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var (provider, (table, _)) in Providers)
        {
            foreach (var row in table.Own.Concat(ErrorTable.Always.ExceptBy(table.Own.Select(own => own.Code), row => row.Code)))
            {
                rows.Add(provider, row.Code);
            }
        }
        return rows;
    }

    [Fact]
    public void The_page_has_the_tables_of_the_code()
    {
        var page = Sections(RepositoryRoot.Read("docs/providers.md"));

        Assert.Equal(ErrorTable.Always.Select(Line), page["Every provider"]);
        foreach (var (provider, (table, _)) in Providers)
        {
            Assert.Equal(table.Own.Select(Line), page[provider]);
        }
        Assert.Equal(Words.Values.Order(StringComparer.Ordinal), page["What an error is about"].Select(line => line.Split('|')[1].Trim())
            .Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task An_answer_is_about_what_its_row_says(string provider, string code)
    {
        var (table, prefix) = Providers[provider];
        var row = table.Own.Concat(ErrorTable.Always).First(row => row.Code == code);

        var results = await Task.WhenAll(Answers(provider, code).Select(answer => ResultAsync(provider, answer)));

        Assert.All(results, result => Assert.Equal((row.Scope, true),
            (ScopeOf(result, row.Scope), Reason(result).StartsWith(prefix, StringComparison.Ordinal))));
        if (!code.StartsWith("http-", StringComparison.Ordinal) || code.Contains('('))
        {
            Assert.All(results, result => Assert.Equal(prefix + code, Reason(result)));
        }
    }

    [Theory]
    [InlineData("SendGrid")]
    [InlineData("Twilio")]
    [InlineData("Firebase Cloud Messaging")]
    [InlineData("Azure Communication Services: email")]
    [InlineData("Azure Communication Services: text messages")]
    public async Task A_request_whose_lease_is_over_when_it_is_to_be_written_does_not_reach_the_provider(string provider)
    {
        var clock = new FakeTimeProvider(ProviderApp.Start);
        var lease = new Lease(clock, TimeSpan.FromSeconds(45));
        clock.Advance(TimeSpan.FromSeconds(45));

        Assert.Equal(new SendResult.TooLate(), await ResultAsync(provider, new ProviderReply(200, """{"name":"m"}"""), lease));
    }

    [Theory]
    [InlineData("SendGrid", 403, """{"errors":[{"message":"\ud800","field":"from"}]}""", typeof(SendResult.AccountRefused))]
    [InlineData("Twilio", 201, """{"sid":"\ud800"}""", typeof(SendResult.Accepted))]
    [InlineData("Firebase Cloud Messaging", 200, """{"name":"\ud800"}""", typeof(SendResult.Accepted))]
    [InlineData("Firebase Cloud Messaging", 404, """{"error":{"status":"\ud800"}}""", typeof(SendResult.AccountRefused))]
    [InlineData("Firebase Cloud Messaging: access tokens", 400, """{"error":"\ud800"}""", typeof(SendResult.AccountRefused))]
    [InlineData("Firebase Cloud Messaging: access tokens", 200, """{"access_token":"\ud800","expires_in":3600}""",
        typeof(SendResult.Unavailable))]
    [InlineData("Azure Communication Services: email", 401, """{"error":{"code":"\ud800"}}""", typeof(SendResult.AccountRefused))]
    [InlineData("Azure Communication Services: text messages", 202, """{"value":[{"successful":true,"messageId":"\ud800"}]}""",
        typeof(SendResult.Accepted))]
    public async Task A_text_that_is_no_Unicode_does_not_hide_what_the_provider_has_decided(
        string provider, int status, string body, Type expected) =>
        Assert.IsType(expected, await ResultAsync(provider, new ProviderReply(status, body)));

    // The answers that the row is for: a code decides whatever the status is.
    private static IEnumerable<ProviderReply> Answers(string provider, string code)
    {
        if (code.StartsWith("http-", StringComparison.Ordinal) && !code.Contains('('))
        {
            return code[5..] switch
            {
                "3xx" => [new ProviderReply(301), new ProviderReply(308)],
                "4xx" => [new ProviderReply(418), new ProviderReply(451)],
                "5xx" => [new ProviderReply(502), new ProviderReply(504), new ProviderReply(520)],
                var status => [new ProviderReply(int.Parse(status), "<html>")],
            };
        }
        return (provider, code) switch
        {
            ("SendGrid", "credits-exceeded") =>
                [new ProviderReply(401, """{"errors":[{"message":"Maximum credits exceeded","field":null}]}""")],
            ("SendGrid", "invalid-address") => [
                new ProviderReply(400,
                    """{"errors":[{"message":"Does not contain a valid address.","field":"personalizations.0.to.0.email"}]}""")],
            ("SendGrid", _) => [new ProviderReply(int.Parse(code[5..8]),
                $$"""{"errors":[{"message":"No.","field":"{{code[10..^1]}}"}]}""")],
            ("Twilio", _) => AnyStatus($$"""{"code":{{code}},"message":"No."}"""),
            ("Firebase Cloud Messaging", "QUOTA_EXCEEDED (project)") => AnyStatus(
                Fcm("QUOTA_EXCEEDED",
                    """{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"subject":"project:smart-device","description":"Message rate exceeded"}]}""")),
            ("Firebase Cloud Messaging", "QUOTA_EXCEEDED") =>
                AnyStatus(Fcm(code,
                    """{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"subject":"x","description":"Device message rate exceeded"}]}""")).Concat(AnyStatus(Fcm(code))),
            ("Firebase Cloud Messaging", _) =>
                AnyStatus($$$"""{"error":{"status":"{{{code}}}","message":"No."}}""").Concat(AnyStatus(Fcm(code))),
            ("Firebase Cloud Messaging: access tokens", _) => AnyStatus($$"""{"error":"{{code}}"}"""),
            (_, "invalid-address") => [new ProviderReply(400,
                """{"error":{"code":"BadRequest","message":"Invalid format for email address"}}""")],
            (_, "invalid-number") => [Recipient("Invalid To phone number format.")],
            (_, "invalid-sender") => [Recipient("Invalid From phone number format.")],
            _ => AnyStatus($$$"""{"error":{"code":"{{{code}}}","message":"No."}}"""),
        };
    }

    private static IEnumerable<ProviderReply> AnyStatus(string body) =>
        new[] { 400, 403, 404, 429, 503 }.Select(status => new ProviderReply(status, body));

    private static string Fcm(string code, string? more = null) =>
        $$$"""{"error":{"status":"PERMISSION_DENIED","details":[{{{(more is null ? "" : more + ",")}}}{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"{{{code}}}"}]}}""";

    private static ProviderReply Recipient(string message) =>
        new(202, $$"""{"value":[{"to":"+1","httpStatusCode":400,"errorMessage":"{{message}}","successful":false}]}""");

    private static async Task<SendResult> ResultAsync(string provider, ProviderReply answer, Lease? lease = null)
    {
        if (provider.StartsWith("Firebase", StringComparison.Ordinal))
        {
            await using var fcm = await FcmProject.StartAsync();
            _ = provider.Contains(':') ? fcm.Token = _ => answer : fcm.Send = _ => answer;
            var push = await fcm.SendAsync(Requests.Alert(Requests.To("d~1", "device:A")) with { Lease = lease });
            Assert.Equal(lease is null, provider.Contains(':') || fcm.Messages.Any());
            return push;
        }
        await using var server = await ProviderServer.StartAsync(_ => answer);
        using var app = provider switch
        {
            "SendGrid" => new ProviderApp(SendGridAccount.Settings(server.Address), builder => builder.AddSendGrid(inUse: true)),
            "Twilio" => new ProviderApp(TwilioAccount.Settings(server.Address), builder => builder.AddTwilio(inUse: true)),
            _ => new ProviderApp(
                AzureCommunicationAccount.Settings(server.Address),
                builder => builder.AddAzureCommunication(sendsEmail: provider.EndsWith("email", StringComparison.Ordinal),
                    sendsSms: provider.EndsWith("messages", StringComparison.Ordinal))),
        };
        var address = app.Sender.Channel == Channel.Email ? "ann@example.com" : "+4915112345678";
        var result = Assert.Single(await app.Sender.SendAsync(
            Requests.Alert(Requests.To(AzureCommunicationAccount.Attempt, address)) with { Lease = lease }, CancellationToken.None));
        Assert.Equal(lease is null, !server.Requests.IsEmpty);
        return result;
    }

    // An address that is not gone and a message are told apart by the reason alone.
    private static ErrorScope ScopeOf(SendResult result, ErrorScope expected) => result switch
    {
        SendResult.Rejected { AddressIsDead: true } => ErrorScope.DeadAddress,
        SendResult.Rejected => expected == ErrorScope.Address ? ErrorScope.Address : ErrorScope.Message,
        SendResult.AccountRefused => ErrorScope.Account,
        SendResult.RateLimited => ErrorScope.Rate,
        SendResult.Unavailable => ErrorScope.Outage,
        SendResult.TargetBusy => ErrorScope.Target,
        SendResult.Unknown => ErrorScope.Unknown,
        _ => throw new InvalidOperationException(result.ToString()),
    };

    private static string Reason(SendResult result) => (string)result.GetType().GetProperty("Reason")!.GetValue(result)!;

    private static string Line(ProviderError row) => $"| `{row.Code}` | {Words[row.Scope]} | {row.Meaning} |";

    // The rows of the table in each section.
    private static Dictionary<string, List<string>> Sections(string page) => Heading().Split(page).Skip(1).Chunk(2).ToDictionary(
        section => section[0],
        section => section[1].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2).ToList(),
        StringComparer.Ordinal);

    [GeneratedRegex(@"^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
