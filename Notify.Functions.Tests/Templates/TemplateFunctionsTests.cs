using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.Templates;

public sealed class TemplateFunctionsTests
{
    [Fact]
    public async Task Shows_the_parts_of_each_channel()
    {
        await using var app = await AppHost.StartAsync();

        var (_, email) = await PreviewAsync(app, "password-reset",
            """{"channel":"email","locale":"de_at","payload":{"resetUrl":"https://example.com/r?a=1&b=2","name":"Ann & Co"},"recipient":{"id":"ann"}}""");
        Assert.Equal(("email", "de", "Passwort zurücksetzen"), (Text(email, "channel"), Text(email, "locale"), Text(email, "subject")));
        Assert.Contains("Guten Tag Ann & Co,", Text(email, "text"), StringComparison.Ordinal);
        Assert.Contains("""<html lang="de">""", Text(email, "html"), StringComparison.Ordinal);
        Assert.Contains("Guten Tag Ann &amp; Co,", Text(email, "html"), StringComparison.Ordinal);
        Assert.Contains("Antworten werden nicht gelesen.", Text(email, "html"), StringComparison.Ordinal);

        var (_, sms) = await PreviewAsync(app, "password-reset", """{"channel":"sms","payload":{"resetUrl":"https://example.com/“r”"}}""");
        Assert.Equal("""{"encoding":"gsm-7","units":85,"count":1,"tooMany":false}""", sms.GetProperty("segments").GetRawText());
        Assert.False(sms.TryGetProperty("locale", out _));

        var (_, long_) = await PreviewAsync(app, "password-reset",
            $$"""{"channel":"sms","payload":{"resetUrl":"{{new string('ж', 67 * 30)}}"} }""");
        Assert.Equal(("ucs-2", true), (Text(long_.GetProperty("segments"), "encoding"), long_.GetProperty("segments").GetProperty("tooMany")
            .GetBoolean()));
    }

    /// <summary>The preview asks the senders themselves, so it says what they would.</summary>
    [Fact]
    public async Task Says_what_the_providers_in_use_would_refuse()
    {
        await using var app = await AppHost.StartAsync();
        static string Preview(string channel, int length) =>
            $$"""{"channel":"{{channel}}","payload":{"resetUrl":"{{new string('a', length)}}"} }""";

        var (_, fits) = await PreviewAsync(app, "password-reset", Preview("sms", 1000));
        var (_, sms) = await PreviewAsync(app, "password-reset", Preview("sms", 1700));

        Assert.False(fits.TryGetProperty("refused", out _));
        Assert.False(fits.GetProperty("segments").GetProperty("tooMany").GetBoolean());
        Assert.Equal("""[{"provider":"twilio","reason":"sms:too_long"}]""", sms.GetProperty("refused").GetRawText());
        Assert.True(sms.GetProperty("segments").GetProperty("tooMany").GetBoolean());
    }

    [Theory]
    [InlineData("""{"channel":"sms","payload":{"url":"javascript:x"}}""", "payload.url invalid")]
    [InlineData("""{"channel":"sms","payload":{}}""", "template template:variable:resetUrl")]
    [InlineData("""{"channel":"push","payload":{}}""", "template template:no_channel")]
    [InlineData("""{"channel":"fax","payload":[],"colour":"red","locale":"x"}""",
        "channel unknown, colour unknown, locale invalid, payload invalid")]
    [InlineData("{}", "channel missing, payload missing")]
    [InlineData("[]", "$ invalid")]
    [InlineData("{", "$ not_json")]
    [InlineData("""{"channel":"sms","payload":{"data":[]},"recipient":{"email":"nobody","id":"mailto:a@example.com"}}""",
        "payload invalid, recipient.email invalid")]
    public async Task Says_what_is_wrong(string body, string faults)
    {
        await using var app = await AppHost.StartAsync();

        var (status, problem) = await PreviewAsync(app, "password-reset", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("urn:notify:problem:invalid-preview", Text(problem, "type"));
        Assert.Equal(faults, string.Join(", ", problem.GetProperty("errors").EnumerateArray()
            .Select(fault => $"{Text(fault, "field")} {Text(fault, "code")}").Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Refuses_what_does_not_exist_and_what_is_too_large()
    {
        await using var app = await AppHost.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await PreviewAsync(app, "nothing", "{}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PreviewAsync(app, "_layouts", "{}")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PreviewAsync(app, "welcome", new string(' ', 70_000))).Status);
    }

    [Fact]
    public async Task Lists_the_templates_with_channels_and_locales()
    {
        await using var app = await AppHost.StartAsync();

        Assert.Equal(
            """{"items":[{"name":"password-reset","channels":{"email":["de",null],"sms":["de",null]}},{"name":"welcome","channels":{"email":[null]}}]}""",
            (await app.GetAsync("api/templates")).GetRawText());
    }

    [Fact]
    public async Task An_event_with_a_template_goes_from_the_api_to_the_provider_and_one_without_such_a_template_is_refused()
    {
        await using var app = await AppHost.StartAsync();
        const string Event =
            """{"type":"transactional","priority":"high","recipients":["mailto:ann@example.com"],"channels":["email"],"template":"password-reset","payload":{"resetUrl":"https://example.com/r"}}""";

        await app.WaitForStatusAsync(await app.NotifyAsync(Event), "delivered");

        var message = Assert.Single((await app.GetAsync("/sandbox/messages")).EnumerateArray());
        Assert.Contains("Reset your password", message.GetRawText(), StringComparison.Ordinal);
        using var refused = await app.PostAsync("/api/notify", Event.Replace("password-reset", "nothing", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var fault = Assert.Single((await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray());
        Assert.Equal(("template", "unknown"), (Text(fault, "field"), Text(fault, "code")));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PreviewAsync(AppHost app, string name, string body)
    {
        using var answer = await app.PostAsync($"/api/templates/{name}/preview", body);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}
