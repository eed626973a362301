using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.Recipients;

public sealed class RecipientFunctionsTests
{
    [Fact]
    public async Task A_profile_is_put_read_patched_and_deleted()
    {
        await using var app = await AppHost.StartAsync();

        var (created, profile) = await SendAsync(app, "PUT", "api/recipients/jane", """
            {"email":"Jane@Example.COM","phone":"+49 30 1234-5678","locale":"de_at","timeZone":"Europe/Vienna",
             "pushTokens":["t1",{"token":"t2","platform":"ios"},"t1"],"attributes":{"plan":"gold","city":"Wien"}}
            """);
        Assert.Equal(HttpStatusCode.Created, created);
        Assert.Equal(("Jane@example.com", "+493012345678", "de-AT"),
            (Text(profile, "email"), Text(profile, "phone"), Text(profile, "locale")));
        Assert.Equal("""[{"token":"t1"},{"token":"t2","platform":"ios"}]""", profile.GetProperty("pushTokens").GetRawText());
        Assert.Equal(profile.GetRawText(), (await app.GetAsync("api/recipients/jane")).GetRawText());

        var (patched, after) = await SendAsync(app, "PATCH", "api/recipients/jane",
            """{"phone":null,"attributes":{"plan":null,"since":"2019"},"pushTokens":[]}""");
        Assert.Equal(HttpStatusCode.OK, patched);
        Assert.Equal("""{"city":"Wien","since":"2019"}""", after.GetProperty("attributes").GetRawText());
        Assert.False(after.TryGetProperty("phone", out _));
        Assert.Equal("Jane@example.com", Text(after, "email"));

        // What was read can be put again.
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(app, "PUT", "api/recipients/jane", after.GetRawText())).Status);

        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(app, "GET", "api/recipients/jane/erasure")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(app, "DELETE", "api/recipients/jane")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(app, "DELETE", "api/recipients/jane")).Status);
        await app.WaitForAsync("api/recipients/jane/erasure", erasure => Text(erasure, "state") != "erasing");
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(app, "GET", "api/recipients/jane")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(app, "PATCH", "api/recipients/jane", "{}")).Status);
    }

    [Fact]
    public async Task The_same_id_in_two_tenants_is_two_recipients()
    {
        await using var app = await AppHost.StartAsync();
        await SendAsync(app, "PUT", "api/recipients/jane?tenant=a", """{"email":"jane@a.example.com"}""");
        await SendAsync(app, "PUT", "api/recipients/jane?tenant=b", """{"email":"jane@b.example.com"}""");

        Assert.Equal("jane@a.example.com", Text(await app.GetAsync("api/recipients/jane?tenant=a"), "email"));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(app, "GET", "api/recipients/jane")).Status);
    }

    [Fact]
    public async Task Recipients_are_listed_a_page_at_a_time()
    {
        await using var app = await AppHost.StartAsync();
        for (var n = 0; n < 250; n++)
        {
            await SendAsync(app, "PUT", $"api/recipients/u{n:d3}?tenant={(n < 230 ? "many" : "few")}", "{}");
        }

        Assert.Equal(Enumerable.Range(0, 230).Select(n => $"u{n:d3}"), (await PagesAsync(app, "many")).Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(230, 20).Select(n => $"u{n:d3}"), (await PagesAsync(app, "few")).Order(StringComparer.Ordinal));
        Assert.Empty(await PagesAsync(app, "none"));
    }

    [Theory]
    [InlineData("not json", "$ not_json")]
    [InlineData("[]", "$ invalid")]
    [InlineData("""{"email":"nobody"}""", "email invalid")]
    [InlineData("""{"phone":"030 1234567"}""", "phone invalid")]
    [InlineData("""{"locale":"german","timeZone":"Europe/Wien"}""", "locale invalid, timeZone invalid")]
    [InlineData("""{"pushTokens":["ok","a b",{"token":"x","platform":"windows"},{"token":"x","os":"ios"},7,{"token":["x"]},{}]}""",
        "pushTokens[1] invalid, pushTokens[2] invalid, pushTokens[3] invalid, pushTokens[4] invalid, pushTokens[5] invalid, pushTokens[6] "
            + "invalid")]
    [InlineData("""{"attributes":{"a b":"x"}}""", "attributes invalid")]
    [InlineData("""{"attributes":{"a":1}}""", "attributes invalid")]
    [InlineData("""{"id":"john","tenant":"other","mail":"x"}""", "mail unknown, id conflict, tenant conflict")]
    public async Task Everything_that_is_wrong_with_a_profile_is_said(string body, string faults)
    {
        await using var app = await AppHost.StartAsync();

        var (status, problem) = await SendAsync(app, "PUT", "api/recipients/jane", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("urn:notify:problem:invalid-recipient", Text(problem, "type"));
        Assert.Equal(faults, string.Join(", ", problem.GetProperty("errors").EnumerateArray()
            .Select(error => $"{Text(error, "field")} {Text(error, "code")}")));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(app, "GET", "api/recipients/jane")).Status);
    }

    [Fact]
    public async Task A_patch_that_would_make_a_profile_invalid_changes_nothing()
    {
        await using var app = await AppHost.StartAsync();
        await SendAsync(app, "PUT", "api/recipients/jane", """{"email":"jane@example.com"}""");

        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(app, "PATCH", "api/recipients/jane", """{"email":"nobody"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(app, "PATCH", "api/recipients/jane", """{"id":"john"}""")).Status);
        Assert.Equal("jane@example.com", Text(await app.GetAsync("api/recipients/jane"), "email"));
    }

    [Theory]
    [InlineData("mailto:jane@example.com")]
    [InlineData("tel:+493012345678")]
    [InlineData("topic:news")]
    [InlineData("a%20b")]
    public async Task Only_users_have_profiles(string id)
    {
        await using var app = await AppHost.StartAsync();

        Assert.Equal("urn:notify:problem:parameter", Text((await SendAsync(app, "PUT", "api/recipients/" + id, "{}")).Body, "type"));
    }

    private static async Task<List<string>> PagesAsync(AppHost app, string tenant)
    {
        var found = new List<string>();
        for (string? cursor = string.Empty; cursor is not null;)
        {
            var page = await app.GetAsync($"api/recipients?tenant={tenant}&cursor={cursor}");
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 0, 100);
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(item => Text(item, "id")!));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        return found;
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(
        AppHost app, string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await app.Http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}
