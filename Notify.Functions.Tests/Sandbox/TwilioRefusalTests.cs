using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Notify.Functions.Tests.Sandbox;

public class TwilioRefusalTests(RefusingSandbox shared) : IClassFixture<RefusingSandbox>
{
    private static readonly Dictionary<string, string> Good = new()
    {
        ["To"] = "+4915112345678",
        ["From"] = "+15005550006",
        ["Body"] = "Your code is 123456",
        ["StatusCallback"] = "http://127.0.0.1:9/api/webhooks/twilio?attempt=r1.t1.e1.s~1",
        ["ValidityPeriod"] = "600",
    };

    [Theory]
    [InlineData("To", null, 400, 21604)]
    [InlineData("To", "0151123", 400, 21211)]
    [InlineData("To", "+15005550001", 400, 21211)]
    [InlineData("To", "+15005550002", 400, 21612)]
    [InlineData("To", "+15005550003", 400, 21408)]
    [InlineData("To", "+15005550004", 400, 21610)]
    [InlineData("To", "+15005550009", 400, 21614)]
    [InlineData("To", "+4915550021610", 400, 21610)]
    [InlineData("To", "+4915550021611", 429, 21611)]
    [InlineData("To", "+15005550006", 400, 21266)]
    [InlineData("From", null, 400, 21603)]
    [InlineData("From", "+15005550001", 400, 21212)]
    [InlineData("From", "+15005550007", 400, 21606)]
    [InlineData("From", "+15005550008", 429, 21611)]
    [InlineData("Body", null, 400, 21602)]
    [InlineData("Body", "1601", 400, 21617)]
    [InlineData("StatusCallback", "not a url", 400, 21609)]
    [InlineData("ValidityPeriod", "36001", 400, 20001)]
    [InlineData("MessagingServiceSid", "MGother", 400, 21701)]
    public async Task A_faulty_message_is_refused_with_its_code(string parameter, string? value, int status, int code)
    {
        var sandbox = shared.Host;
        var form = new Dictionary<string, string>(Good);
        form.Remove(parameter);
        if (value is not null)
        {
            form[parameter] = value == "1601" ? new string('x', 1601) : value;
        }

        using var answer = await sandbox.SendSmsAsync(form);

        Assert.Equal(status, (int)answer.StatusCode);
        var error = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, error.GetProperty("code").GetInt32());
        Assert.Equal(status, error.GetProperty("status").GetInt32());
        Assert.Equal($"https://www.twilio.com/docs/errors/{code}", error.GetProperty("more_info").GetString());
        Assert.Empty(await sandbox.MessagesAsync());
    }

    [Fact]
    public async Task Parameters_are_read_with_their_case_and_from_a_form_only()
    {
        var sandbox = shared.Host;

        using var lowerCase = await sandbox.SendSmsAsync(Good.ToDictionary(p => p.Key == "To" ? "to" : p.Key, p => p.Value));

        Assert.Contains("21604", await lowerCase.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_account_itself_may_send()
    {
        var sandbox = shared.Host;

        using var wrongToken = await sandbox.SendSmsAsync(Good, authToken: "other");
        using var otherAccount = await sandbox.SendSmsAsync(Good, account: "AC00000000000000000000000000000000");

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized], new[] { wrongToken.StatusCode, otherAccount.StatusCode });
        Assert.Contains("20003", await wrongToken.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("Basic", Assert.Single(wrongToken.Headers.WwwAuthenticate).Scheme);
    }
}
