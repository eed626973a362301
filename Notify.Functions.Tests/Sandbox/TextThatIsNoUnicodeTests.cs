using System.Net;

namespace Notify.Functions.Tests.Sandbox;

/// <summary>RFC 8259 lets an escape stand for half a character; a provider, and so its double, must say no and not break.</summary>
public class TextThatIsNoUnicodeTests(RefusingSandbox shared) : IClassFixture<RefusingSandbox>
{
    private const string HalfACharacter = "\\ud800";

    [Theory]
    [InlineData("fcm", "device-1")]
    [InlineData("fcm", "token")]
    [InlineData("sendgrid", "\"b\"")]
    [InlineData("sendgrid", "text/plain")]
    [InlineData("sendgrid", "a@b.example")]
    [InlineData("sendgrid", "subject")]
    [InlineData("acs-email", "plainText")]
    [InlineData("acs-email", "a@b.example")]
    [InlineData("acs-sms", "\"b\"")]
    [InlineData("acs-sms", "+4915112345678")]
    public async Task A_request_with_such_a_text_is_refused_with_the_providers_400(string provider, string place)
    {
        var good = provider switch
        {
            "fcm" => SmallestRequest.Push,
            "sendgrid" => SmallestRequest.Mail,
            "acs-email" => SmallestRequest.AcsEmail,
            _ => SmallestRequest.AcsSms,
        };
        var bad = good.Replace(place, place.StartsWith('"') ? $"\"{HalfACharacter}\"" : place + HalfACharacter, StringComparison.Ordinal);
        Assert.NotEqual(good, bad);

        using var answer = provider switch
        {
            "fcm" => await shared.Host.SendPushAsync(bad),
            "sendgrid" => await shared.Host.SendMailAsync(bad),
            "acs-email" => await shared.Host.SendAcsAsync("emails:send?api-version=2023-03-31", bad),
            _ => await shared.Host.SendAcsAsync("sms?api-version=2021-03-07", bad),
        };

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(await shared.Host.MessagesAsync());
    }

    [Theory]
    [InlineData("faults", """{"provider":"HALF","mode":"error"}""")]
    [InlineData("faults", """{"provider":"fcm","mode":"HALF"}""")]
    [InlineData("faults", """{"provider":"fcm","mode":"error","HALF":1}""")]
    [InlineData("webhooks", """{"callbackBase":"HALF"}""")]
    [InlineData("webhooks", """{"only":["HALF"]}""")]
    public async Task Such_a_setting_is_refused(string path, string json)
    {
        using var answer = await shared.Host.PutAsync("/sandbox/" + path, json.Replace("HALF", HalfACharacter, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task So_are_bytes_that_are_no_text()
    {
        using var content = new ByteArrayContent([.. "{\"provider\":\"fcm\",\"mode\":\""u8, 0xFF, .. "\"}"u8]);

        using var answer = await shared.Host.Client.PutAsync(new Uri("/sandbox/faults", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
