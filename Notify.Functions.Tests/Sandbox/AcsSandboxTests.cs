using System.Net;
using System.Text.Json;
using Notify.Functions.Tests.Providers.AzureCommunication;

namespace Notify.Functions.Tests.Sandbox;

public sealed class AcsSandboxTests
{
    private const string EmailPath = "emails:send?api-version=2023-03-31";
    private const string SmsPath = "sms?api-version=2021-03-07";
    private const string Operation = "950850f5-bcdf-4315-b77a-6447cf56fac9";
    private const string Attempt = AzureCommunicationAccount.Attempt;

    [Fact]
    public async Task An_email_is_accepted_under_the_operations_id_and_kept()
    {
        await using var sandbox = await SandboxHost.StartAsync();

        using var answer = await sandbox.SendAcsAsync(
            EmailPath,
            $$"""{"senderAddress":"no-reply@azure.notify.example","content":{"subject":"s","plainText":"b","html":"<p>b</p>"},"recipients":{"to":[{"address":"ann@example.com"}]},"headers":{"X-Any":"{{Attempt}}"} }""",
            Operation);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal((Operation, "Running"), await IdAndStatusAsync(answer));
        Assert.EndsWith($"/emails/operations/{Operation}?api-version=2023-03-31",
            Assert.Single(answer.Headers.GetValues("Operation-Location")), StringComparison.Ordinal);
        var message = Assert.Single(await sandbox.MessagesAsync());
        Assert.Equal(
            ("email", "acs-email", "ann@example.com", "s", "b", Attempt, Operation),
            (Text(message, "channel"), Text(message, "provider"), Text(message, "to"), Text(message, "subject"), Text(message, "body"),
                Text(message, "attemptId"), Text(message, "providerMessageId")));
    }

    [Fact]
    public async Task The_same_operation_again_is_no_second_email()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        using var first = await sandbox.SendAcsAsync(EmailPath, SmallestRequest.AcsEmail, Operation);
        using var again = await sandbox.SendAcsAsync(EmailPath, SmallestRequest.AcsEmail, Operation);
        using var other = await sandbox.SendAcsAsync(EmailPath, SmallestRequest.AcsEmail);
        Assert.Equal(await IdAndStatusAsync(first), await IdAndStatusAsync(again));
        Assert.NotEqual(Operation, (await IdAndStatusAsync(other)).Id);
        Assert.Equal(2, (await sandbox.MessagesAsync()).Count);
    }

    [Fact]
    public async Task Each_recipient_of_text_messages_has_an_answer_of_its_own()
    {
        await using var sandbox = await SandboxHost.StartAsync();

        using var answer = await sandbox.SendAcsAsync(
            SmsPath,
            $$"""{"from":"+18005550100","message":"b","smsRecipients":[{"to":"+4915112345678"},{"to":"12"}],"smsSendOptions":{"enableDeliveryReport":false,"tag":"{{Attempt}}"} }""");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var items = json.RootElement.GetProperty("value").EnumerateArray().ToList();
        Assert.Equal((true, 202, false, 400), (Success(items[0]), Status(items[0]), Success(items[1]), Status(items[1])));
        var message = Assert.Single(await sandbox.MessagesAsync());
        Assert.Equal(("sms", "acs-sms", "b", Attempt),
            (Text(message, "channel"), Text(message, "provider"), Text(message, "body"), Text(message, "attemptId")));
        Assert.Equal(Text(items[0], "messageId"), Text(message, "providerMessageId"));
    }

    [Theory]
    [InlineData(Operation, "Sun, 22 Nov 2026 10:00:00 GMT", 1)]
    [InlineData(Operation, "Sun, 22 Nov 2026 10:00:01 GMT", 2)]
    [InlineData("950850f5-bcdf-4315-b77a-6447cf56fac8", "Sun, 22 Nov 2026 10:00:00 GMT", 2)]
    public async Task A_text_message_is_the_same_where_id_and_first_time_are(string id, string firstSent, int kept)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        using var first = await sandbox.SendAcsAsync(SmsPath, Sms(Operation, "Sun, 22 Nov 2026 10:00:00 GMT"));
        using var second = await sandbox.SendAcsAsync(SmsPath, Sms(id, firstSent));
        Assert.Equal(kept, (await sandbox.MessagesAsync()).Count);
        Assert.Equal(kept == 1, await first.Content.ReadAsStringAsync() == await second.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Only_a_request_that_is_signed_by_the_key_and_lately_is_heard()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        foreach (var (path, json) in new[] { (EmailPath, SmallestRequest.AcsEmail), (SmsPath, SmallestRequest.AcsSms) })
        {
            var now = TimeProvider.System.GetUtcNow();
            using var stranger = await sandbox.SendAcsAsync(path, json, accessKey: AzureCommunicationAccount.AccessKey);
            using var late = await sandbox.SendAcsAsync(path, json, signedAt: now.AddMinutes(-16));
            using var early = await sandbox.SendAcsAsync(path, json, signedAt: now.AddMinutes(16));
            using var unsigned = await sandbox.Client.PostAsync(new Uri(sandbox["AzureCommunication:BaseAddress"] + path),
                new StringContent(json), CancellationToken.None);
            Assert.All([stranger, late, early, unsigned], answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        }
        Assert.Empty(await sandbox.MessagesAsync());
    }

    [Theory]
    [InlineData("emails:send", SmallestRequest.AcsEmail, 400, "api-version")]
    [InlineData(EmailPath, "{", 400, "not JSON")]
    [InlineData(EmailPath, "{}", 400, "senderAddress is required")]
    [InlineData(EmailPath,
        """{"senderAddress":"x@y.example","content":{"subject":"s","html":"b"},"recipients":{"to":[{"address":"a@b.example"}]}}""", 404,
        "DomainNotLinked")]
    [InlineData(EmailPath,
        """{"senderAddress":"no-reply@azure.notify.example","content":{"subject":"s"},"recipients":{"to":[{"address":"a@b.example"}]}}""",
        400, "plainText or html")]
    [InlineData(EmailPath,
        """{"senderAddress":"no-reply@azure.notify.example","content":{"subject":"s","html":"b"},"recipients":{"to":[{"address":"nobody"}]}}""", 400, "Invalid format for email address")]
    [InlineData(EmailPath,
        """{"senderAddress":"no-reply@azure.notify.example","content":{"subject":"s","html":"b"},"recipients":{"to":[]}}""", 400,
        "from 1 to 50")]
    [InlineData(EmailPath,
        """{"senderAddress":"no-reply@azure.notify.example","content":{"subject":1,"html":"b"},"recipients":{"to":[{"address":"a@b.example"}]}}""", 400, "subject has a wrong type")]
    [InlineData(EmailPath,
        """{"senderAddress":"no-reply@azure.notify.example","content":{"subject":"s","html":"b"},"recipients":{"to":[{"address":"a@b.example"}]},"headers":{"a":1}}""", 400, "a has a wrong type")]
    [InlineData(EmailPath,
        """{"senderAddress":"no-reply@azure.notify.example","content":{"subject":"s","html":"b"},"recipients":{"to":[{"address":"a@b.example"}]},"tag":"t"}""", 400, "tag is not known")]
    [InlineData("sms", SmallestRequest.AcsSms, 400, "api-version")]
    [InlineData(SmsPath, "[]", 400, "from is required")]
    [InlineData(SmsPath, """{"from":"+18005550199","message":"b","smsRecipients":[{"to":"+4915112345678"}]}""", 401, "Unauthorized")]
    [InlineData(SmsPath, """{"from":"+18005550100","message":"b","smsRecipients":[]}""", 400, "from 1 to 100")]
    [InlineData(SmsPath, """{"from":"+18005550100","message":"b","smsRecipients":[{"to":"+4915112345678","repeatabilityRequestId":"1"}]}""",
        400, "repeatabilityFirstSent is required")]
    [InlineData(SmsPath, """{"from":"+18005550100","message":"b","smsRecipients":[{"to":"+4915112345678"}],"smsSendOptions":{"tag":"t"}}""",
        400, "enableDeliveryReport is required")]
    public async Task What_is_wrong_is_refused_and_named(string path, string json, int status, string fault)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        using var answer = await sandbox.SendAcsAsync(path, json);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(fault, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(await sandbox.MessagesAsync());
    }

    [Fact]
    public async Task What_is_too_long_or_badly_named_is_refused()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        using var longText = await sandbox.SendAcsAsync(SmsPath,
            SmallestRequest.AcsSms.Replace("\"b\"", $"\"{new string('b', 2049)}\"", StringComparison.Ordinal));
        using var badName = await sandbox.SendAcsAsync(EmailPath, SmallestRequest.AcsEmail, "attempt-1");
        using var badDate = await sandbox.SendAcsAsync(SmsPath, Sms(Operation, "yesterday"));
        Assert.All([longText, badName, badDate], answer => Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode));
    }

    private static string Sms(string id, string firstSent) =>
        $$"""{"from":"+18005550100","message":"b","smsRecipients":[{"to":"+4915112345678","repeatabilityRequestId":"{{id}}","repeatabilityFirstSent":"{{firstSent}}"}]}""";

    private static async Task<(string? Id, string? Status)> IdAndStatusAsync(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (Text(json.RootElement, "id"), Text(json.RootElement, "status"));
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static bool Success(JsonElement item) => item.GetProperty("successful").GetBoolean();

    private static int Status(JsonElement item) => item.GetProperty("httpStatusCode").GetInt32();
}
