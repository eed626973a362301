using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.Recipients.Preferences;

public sealed class PreferenceFunctionsTests
{
    [Fact]
    public async Task Choices_are_put_read_and_put_again()
    {
        await using var app = await AppHost.StartAsync();

        var (status, kept) = await PutAsync(app, "user_1", """
            {"all":true,"channels":{"sms":false},"categories":{"news":{"all":true,"email":false},"sale":false},"topics":{"offers":false}}
            """);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            """{"all":true,"channels":{"sms":false},"categories":{"news":{"all":true,"email":false},"sale":{"all":false}},"topics":{"offers":false},"quietHours":[],"required":["transactional","security"]}""",
            kept.GetRawText());
        Assert.Equal(kept.GetRawText(), (await app.GetAsync("api/recipients/user_1/preferences")).GetRawText());
        Assert.Equal(kept.GetRawText(), (await PutAsync(app, "user_1", kept.GetRawText())).Body.GetRawText());
        Assert.Equal("""{"channels":{},"categories":{},"topics":{},"quietHours":[],"required":["transactional","security"]}""",
            (await PutAsync(app, "user_1", "{}")).Body.GetRawText());
    }

    [Fact]
    public async Task Who_changed_what_is_kept_with_the_change()
    {
        await using var app = await AppHost.StartAsync();
        await PutAsync(app, "user_1", """{"channels":{"sms":false}}""", "support.anna");
        await PutAsync(app, "user_1", """{"channels":{"sms":false}}""", "support.bert");
        await PutAsync(app, "user_1", """{"channels":{"sms":true},"topics":{"offers":false}}""");

        var changes = (await app.GetAsync("api/recipients/user_1/preferences/changes")).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(["api", "support.anna"], changes.Select(change => change.GetProperty("by").GetString()));
        Assert.Equal(
            """[{"what":"channel:sms","from":"refused","to":"wanted"},{"what":"topic:offers","to":"refused"}]""",
            changes[0].GetProperty("changes").GetRawText());
        Assert.Equal("""[{"what":"channel:sms","to":"refused"}]""", changes[1].GetProperty("changes").GetRawText());
        Assert.True(changes[0].GetProperty("at").GetDateTimeOffset() >= changes[1].GetProperty("at").GetDateTimeOffset());
        Assert.Empty((await app.GetAsync("api/recipients/user_2/preferences/changes")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Quiet_hours_are_put_read_and_put_again()
    {
        await using var app = await AppHost.StartAsync();

        var (_, kept) = await PutAsync(app, "user_1",
            """{"quietHours":[{"from":"22:00","to":"07:30"},{"from":"13:00","to":"14:00","days":["sun","sat"],"channels":["in_app","push"]}]}""");

        Assert.Equal(
            """
            [{"from":"22:00","to":"07:30","days":["mon","tue","wed","thu","fri","sat","sun"],"channels":["email","sms","push"]},{"from":"13:00","to":"14:00","days":["sat","sun"],"channels":["push","in_app"]}]
            """.Trim(),
            kept.GetProperty("quietHours").GetRawText());
        Assert.Equal(kept.GetRawText(), (await PutAsync(app, "user_1", kept.GetRawText())).Body.GetRawText());
        var change = Assert.Single((await app.GetAsync("api/recipients/user_1/preferences/changes")).GetProperty("items").EnumerateArray())
            .GetProperty("changes")[0];
        Assert.Equal("22:00-07:30 mon,tue,wed,thu,fri,sat,sun email,sms,push; 13:00-14:00 sat,sun push,in_app", change.GetProperty("to")
            .GetString());
    }

    [Fact]
    public async Task Changes_are_listed_a_page_at_a_time()
    {
        await using var app = await AppHost.StartAsync();
        for (var n = 0; n < 130; n++)
        {
            await PutAsync(app, "user_1", $$"""{"all":{{(n % 2 == 0 ? "false" : "true")}}}""", $"n{n}");
        }

        var seen = new List<string>();
        for (string? cursor = string.Empty; cursor is not null;)
        {
            var page = await app.GetAsync("api/recipients/user_1/preferences/changes?cursor=" + cursor);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(change => change.GetProperty("by").GetString()!));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        Assert.Equal(Enumerable.Range(0, 130).Select(n => "n" + n).Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        Assert.Equal("n129", seen[0]);
    }

    [Theory]
    [InlineData("[]", "$ invalid")]
    [InlineData("""{"all":"no"}""", "all invalid")]
    [InlineData("""{"channels":{"fax":false,"sms":1}}""", "channels unknown, channels.sms invalid")]
    [InlineData("""{"categories":{"a b":false,"news":{"fax":true},"x":null}}""",
        "categories invalid, categories.news unknown, categories.x invalid")]
    [InlineData("""{"categories":{"security":false}}""", "categories.security conflict")]
    [InlineData("""{"categories":{"security":{"all":true,"email":false}}}""", "categories.security conflict")]
    [InlineData("""{"topics":[]}""", "topics invalid")]
    [InlineData("""{"everything":false}""", "everything unknown")]
    [InlineData("""{"quietHours":{}}""", "quietHours invalid")]
    [InlineData("""{"quietHours":["22:00",{"from":"22","to":"24:00"},{"from":"22:00"}]}""",
        "quietHours[0] invalid, quietHours[1].from invalid, quietHours[1].to invalid, quietHours[2].to missing")]
    [InlineData("""{"quietHours":[{"from":"22:00","to":"07:00","days":["mon","monday"],"channels":["fax"],"zone":"UTC"}]}""",
        "quietHours[0].zone unknown, quietHours[0].days[1] unknown, quietHours[0].channels[0] unknown")]
    [InlineData("""{"quietHours":[{"from":"00:00","to":"00:00"}]}""", "quietHours invalid")]
    [InlineData("""{"quietHours":[{"from":"08:00","to":"20:00"},{"from":"19:00","to":"08:00"}]}""", "quietHours invalid")]
    public async Task Everything_that_is_wrong_with_choices_is_said_and_nothing_is_done(string body, string faults)
    {
        await using var app = await AppHost.StartAsync();

        var (status, problem) = await PutAsync(app, "user_1", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("urn:notify:problem:invalid-preferences", problem.GetProperty("type").GetString());
        Assert.Equal(faults, string.Join(", ", problem.GetProperty("errors").EnumerateArray()
            .Select(error => $"{error.GetProperty("field").GetString()} {error.GetProperty("code").GetString()}")));
        Assert.Empty((await app.GetAsync("api/recipients/user_1/preferences/changes")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_bare_address_has_choices_too_and_somebody_unknown_has_none()
    {
        await using var app = await AppHost.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await PutAsync(app, "mailto:jane@example.com", """{"all":false}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(app, "nobody", """{"all":false}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(app, "topic:news", """{"all":false}""")).Status);
        var id = await app.NotifyAsync(
            """{"type":"alert","priority":"critical","recipients":["mailto:jane@example.com"],"channels":["email"],"payload":{"message":"Hello"}}""");
        Assert.Equal("opted_out", AppHost.Deliveries(await app.WaitForStatusAsync(id, "suppressed"))[0].GetProperty("reason").GetString());
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PutAsync(AppHost app, string id, string body, string? by = null)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await app.Http.PutAsync(
            new Uri($"api/recipients/{id}/preferences" + (by is null ? "" : "?by=" + by), UriKind.Relative), content);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}
