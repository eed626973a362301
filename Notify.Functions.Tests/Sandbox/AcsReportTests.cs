using System.Text.Json;

namespace Notify.Functions.Tests.Sandbox;

public sealed class AcsReportTests
{
    [Theory]
    [InlineData("ann@example.com", "Delivered")]
    [InlineData("bounce@example.com", "Bounced")]
    [InlineData("blocked@example.com", "Failed")]
    [InlineData("dropped@example.com", "Suppressed")]
    [InlineData("quarantined@example.com", "Quarantined")]
    [InlineData("filtered@example.com", "FilteredSpam")]
    [InlineData("expanded@example.com", "Expanded")]
    [InlineData("opens@example.com", "Delivered view")]
    [InlineData("clicks@example.com", "Delivered view click")]
    [InlineData("silent@example.com", "")]
    public async Task An_emails_events_go_to_the_webhook_with_the_secret(string address, string expected)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(options => options.CallbackBase = receiver.BaseUrl);

        using var answer = await sandbox.SendAcsAsync("emails:send?api-version=2023-03-31",
            SmallestRequest.AcsEmail.Replace("a@b.example", address, StringComparison.Ordinal));
        await sandbox.WebhooksAsync(Quiet);

        Assert.All(receiver.Calls, call =>
        {
            Assert.Equal($"/api/webhooks/azure-communication?key={sandbox["AzureCommunication:WebhookKey"]}", call.Target);
            Assert.Equal("Notification", call.Headers["aeg-event-type"]);
        });
        var events = receiver.Calls.SelectMany(Events).ToList();
        Assert.Equal(expected, string.Join(' ',
            events.Select(one => Text(one.GetProperty("data"), "status") ?? Text(one.GetProperty("data"), "engagementType"))));
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.All(events, one => Assert.Equal(Text(json.RootElement, "id"), Text(one.GetProperty("data"), "messageId")));
    }

    [Theory]
    [InlineData("+4915112345678", "Delivered: No error.")]
    [InlineData("+4915550094007", "Failed: ErrorCode: 4007. ErrorMessage: The message to +4915550094007 was not delivered.")]
    [InlineData("+4915550095002", "Failed: ErrorCode: 5002. ErrorMessage: The message to +4915550095002 was not delivered.")]
    [InlineData("+4915550099000", "")]
    public async Task A_text_messages_event_has_the_tag_and_the_code(string number, string expected)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(options => options.CallbackBase = receiver.BaseUrl);

        using var answer = await SendSmsAsync(sandbox, number);
        await sandbox.WebhooksAsync(Quiet);

        var data = receiver.Calls.SelectMany(Events).Select(one => one.GetProperty("data")).ToList();
        Assert.Equal(expected, string.Join(' ',
            data.Select(one => $"{Text(one, "deliveryStatus")}: {Text(one, "deliveryStatusDetails")}")));
        Assert.All(data, one => Assert.Equal("tag-1", Text(one, "Tag")));
    }

    [Fact]
    public async Task A_bounce_fault_is_a_mailbox_or_a_number_that_does_not_exist()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(options => options.CallbackBase = receiver.BaseUrl);
        await sandbox.SetFaultAsync("""{"provider":"*","mode":"bounce"}""");

        using var email = await SmallestRequest.SendAsync(sandbox, "acs-email");
        using var sms = await SendSmsAsync(sandbox, "+4915112345678");
        await sandbox.WebhooksAsync(Quiet);

        var data = receiver.Calls.SelectMany(Events).Select(one => one.GetProperty("data")).ToList();
        Assert.Single(data, one => Text(one, "status") == "Bounced");
        Assert.Single(data, one => Text(one, "deliveryStatusDetails")?.StartsWith("ErrorCode: 4004.", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_repeated_event_keeps_its_id_and_only_the_kinds_that_are_wanted_are_made()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(options => options.CallbackBase = receiver.BaseUrl);
        await sandbox.SetWebhooksAsync("""{"duplicates":1,"only":["view"]}""");

        using var answer = await sandbox.SendAcsAsync("emails:send?api-version=2023-03-31",
            SmallestRequest.AcsEmail.Replace("a@b.example", "clicks@b.example", StringComparison.Ordinal));
        await sandbox.WebhooksAsync(Quiet);

        var events = receiver.Calls.SelectMany(Events).ToList();
        Assert.Equal(2, events.Count);
        Assert.Single(events.Select(one => Text(one, "id")).Distinct());
    }

    private static Task<HttpResponseMessage> SendSmsAsync(SandboxHost sandbox, string number) => sandbox.SendAcsAsync(
        "sms?api-version=2021-03-07",
        $$"""{"from":"+18005550100","message":"b","smsRecipients":[{"to":"{{number}}"}],"smsSendOptions":{"enableDeliveryReport":true,"tag":"tag-1"} }""");

    private static bool Quiet(JsonElement state) => state.GetProperty("pending").GetInt32() == 0;

    private static IEnumerable<JsonElement> Events(ReceivedCall call) => JsonDocument.Parse(call.Body).RootElement.EnumerateArray();

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
