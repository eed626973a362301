using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.Recipients.Suppressions;

public sealed class SuppressionFunctionsTests
{
    [Fact]
    public async Task An_address_is_suppressed_found_listed_and_taken_off()
    {
        await using var app = await AppHost.StartAsync();

        var (status, added) = await PostAsync(app, "api/suppressions",
            """{"channel":"email","address":"User_1@example.com","note":"asked by phone"}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("email", "manual", "asked by phone"), (Text(added, "channel"), Text(added, "source"), Text(added, "detail")));
        var id = Text(added, "id");
        Assert.Equal(id, Text((await PostAsync(app, "api/suppressions", """{"channel":"email","address":"user_1@EXAMPLE.com"}""")).Body,
            "id"));
        Assert.Equal(added.GetRawText(),
            (await PostAsync(app, "api/suppressions/find", """{"channel":"email","address":"user_1@example.com"}""")).Body.GetRawText());
        Assert.Equal(added.GetRawText(), (await app.GetAsync("api/suppressions/" + id)).GetRawText());
        Assert.Equal(added.GetRawText(), Assert.Single((await app.GetAsync("api/suppressions")).GetProperty("items").EnumerateArray())
            .GetRawText());
        Assert.Empty((await app.GetAsync("api/suppressions?channel=sms")).GetProperty("items").EnumerateArray());
        Assert.Empty((await app.GetAsync("api/suppressions?tenant=other")).GetProperty("items").EnumerateArray());

        var reset = await app.NotifyAsync(
            """{"type":"transactional","priority":"critical","recipients":["user_1"],"channels":["email"],"payload":{"message":"Code 1"}}""");
        Assert.Equal("suppressed_address", Text(AppHost.Deliveries(await app.WaitForStatusAsync(reset, "suppressed"))[0], "reason"));

        Assert.Equal(HttpStatusCode.NoContent,
            (await app.Http.DeleteAsync(new Uri($"api/suppressions/{id}?tenant=other", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync(new Uri("api/suppressions/" + id, UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent,
            (await app.Http.DeleteAsync(new Uri("api/suppressions/" + id, UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync(new Uri("api/suppressions/" + id, UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound,
            (await PostAsync(app, "api/suppressions/find", """{"channel":"email","address":"user_1@example.com"}""")).Status);
        await app.WaitForStatusAsync(await app.NotifyAsync(
            """{"type":"transactional","priority":"critical","recipients":["user_1"],"channels":["email"],"payload":{"message":"Code 2"}}"""), "delivered");
    }

    [Fact]
    public async Task Suppressions_are_listed_a_page_at_a_time()
    {
        await using var app = await AppHost.StartAsync();
        for (var n = 0; n < 220; n++)
        {
            await PostAsync(app, "api/suppressions?tenant=acme", $$"""{"channel":"sms","address":"+1555555{{n:d4}}"}""");
        }

        var seen = new List<string>();
        for (string? cursor = string.Empty; cursor is not null;)
        {
            var page = await app.GetAsync("api/suppressions?tenant=acme&channel=sms&cursor=" + cursor);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => Text(item, "address")!));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        Assert.Equal(Enumerable.Range(0, 220).Select(n => $"+1555555{n:d4}"), seen.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{}", "channel missing, address missing")]
    [InlineData("""{"channel":"in_app","address":"user_1"}""", "channel unknown")]
    [InlineData("""{"channel":"email","address":"nobody"}""", "address invalid")]
    [InlineData("""{"channel":"sms","address":"030 1234567"}""", "address invalid")]
    [InlineData("""{"channel":"push","address":"token","why":"x"}""", "why unknown")]
    public async Task What_is_wrong_is_said_and_nothing_is_done(string body, string faults)
    {
        await using var app = await AppHost.StartAsync();

        var (status, problem) = await PostAsync(app, "api/suppressions", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(faults, string.Join(", ", problem.GetProperty("errors").EnumerateArray()
            .Select(error => $"{Text(error, "field")} {Text(error, "code")}")));
        Assert.Empty((await app.GetAsync("api/suppressions")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_hard_bounce_that_the_provider_reports_suppresses_the_address()
    {
        await using var app = await AppHost.StartAsync();
        const string Bad =
            """{"type":"alert","priority":"critical","recipients":["mailto:bounce@example.com"],"channels":["email"],"payload":{"message":"Hello"}}""";
        await app.WaitForStatusAsync(await app.NotifyAsync(Bad), "bounced");

        var again = await app.WaitForAsync("/api/suppressions", page => page.GetProperty("items").GetArrayLength() == 1);

        Assert.Equal("bounce", Text(again.GetProperty("items")[0], "source"));
        Assert.Equal("suppressed_address",
            Text(AppHost.Deliveries(await app.WaitForStatusAsync(await app.NotifyAsync(Bad), "suppressed"))[0], "reason"));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(AppHost app, string path, string body)
    {
        using var answer = await app.PostAsync(path, body);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}
