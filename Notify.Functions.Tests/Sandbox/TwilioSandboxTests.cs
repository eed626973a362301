using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Notify.Sandbox.Twilio;

namespace Notify.Functions.Tests.Sandbox;

public class TwilioSandboxTests
{
    private static readonly Dictionary<string, string> Good = new()
    {
        ["To"] = "+4915112345678",
        ["From"] = "+15005550006",
        ["Body"] = "Your code is 123456",
        ["StatusCallback"] = "http://127.0.0.1:9/api/webhooks/twilio?attempt=r1.t1.e1.s~1",
        ["ValidityPeriod"] = "600",
    };

    [Fact]
    public async Task An_accepted_message_is_queued_and_kept_with_its_delivery()
    {
        await using var sandbox = await SandboxHost.StartAsync();

        using var answer = await sandbox.SendSmsAsync(Good);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var resource = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Matches("^SM[0-9a-f]{32}$", resource.GetProperty("sid").GetString());
        Assert.Equal("queued", resource.GetProperty("status").GetString());
        Assert.Equal("1", resource.GetProperty("num_segments").GetString());
        Assert.Equal(JsonValueKind.Null, resource.GetProperty("error_code").ValueKind);
        var message = Assert.Single(await sandbox.MessagesAsync("?channel=sms&recipient=%2B4915112345678"));
        Assert.Equal("Your code is 123456", message.GetProperty("body").GetString());
        Assert.Equal("r1.t1.e1.s", message.GetProperty("deliveryId").GetString());
        Assert.Equal(resource.GetProperty("sid").GetString(), message.GetProperty("providerMessageId").GetString());
        Assert.Equal(JsonValueKind.Null, message.GetProperty("subject").ValueKind);
    }

    [Fact]
    public async Task A_messaging_service_stands_in_for_a_number()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var form = new Dictionary<string, string>(Good);
        form.Remove("From");
        form["MessagingServiceSid"] = sandbox.Options.Credentials.TwilioMessagingServiceSid;

        using var answer = await sandbox.SendSmsAsync(form);

        Assert.Equal("accepted", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("x160", 1)]
    [InlineData("x161", 2)]
    [InlineData("x306", 2)]
    [InlineData("x307", 3)]
    [InlineData("€80", 1)]
    [InlineData("€81", 2)]
    [InlineData("ж70", 1)]
    [InlineData("ж71", 2)]
    [InlineData("ж135", 3)]
    [InlineData("😀35", 1)]
    [InlineData("😀66", 2)]
    [InlineData("😀67", 3)]
    public void Segments_are_counted_by_the_alphabet(string text, int segments)
    {
        var digits = text.SkipWhile(c => !char.IsAsciiDigit(c)).ToArray();
        var count = digits.Length == 0 ? 0 : int.Parse(digits);
        var unit = text[..^digits.Length];

        Assert.Equal(segments, Segments.Count(string.Concat(Enumerable.Repeat(unit, count))));
    }
}
