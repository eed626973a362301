using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.Recipients.Topics;

public sealed class TopicSubscribersTests
{
    [Fact]
    public async Task Subscribers_come_go_and_are_listed_both_ways()
    {
        await using var app = await AppHost.StartAsync();
        var http = app.Http;

        Assert.Equal(HttpStatusCode.NoContent, (await http.PutAsync(Uri("api/topics/offers/subscribers/user_1"), null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await http.PutAsync(Uri("api/topics/offers/subscribers/user_1"), null)).StatusCode);
        var many = await http.PostAsJsonAsync(Uri("api/topics/offers/subscribers"), Enumerable.Range(0, 250).Select(n => $"u{n:d3}")
            .Append("u000").Append("mailto:jane@example.com"));
        Assert.Equal(251, (await many.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("subscribed").GetInt32());
        await http.PutAsync(Uri("api/topics/news/subscribers/u007"), null);
        await http.PutAsync(Uri("api/topics/offers/subscribers/u007?tenant=acme"), null);

        var everybody = await PagesAsync(http, "api/topics/offers/subscribers", "recipient");
        Assert.Equal(252, everybody.Count);
        Assert.Equal(252, everybody.Distinct().Count());
        Assert.Equal(["news", "offers"], (await PagesAsync(http, "api/recipients/u007/topics", "topic")).Order(StringComparer.Ordinal));

        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync(Uri("api/topics/offers/subscribers/u007"))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync(Uri("api/topics/offers/subscribers/u007"))).StatusCode);
        Assert.DoesNotContain("u007", await PagesAsync(http, "api/topics/offers/subscribers", "recipient"));
        Assert.Equal(["news"], await PagesAsync(http, "api/recipients/u007/topics", "topic"));
        Assert.Equal(["u007"], await PagesAsync(http, "api/topics/offers/subscribers?tenant=acme", "recipient"));
    }

    [Theory]
    [InlineData("PUT", "api/topics/of%20fers/subscribers/u", null, "urn:notify:problem:parameter")]
    [InlineData("PUT", "api/topics/offers/subscribers/topic:news", null, "urn:notify:problem:parameter")]
    [InlineData("GET", "api/topics/offers/subscribers?cursor=99.", null, "urn:notify:problem:parameter")]
    [InlineData("GET", "api/recipients/u/topics?cursor=x", null, "urn:notify:problem:parameter")]
    [InlineData("POST", "api/topics/offers/subscribers", "{}", "urn:notify:problem:invalid-body")]
    [InlineData("POST", "api/topics/offers/subscribers", "[]", "urn:notify:problem:invalid-body")]
    [InlineData("POST", "api/topics/offers/subscribers", """["u1","a b","topic:x",7]""", "urn:notify:problem:invalid-body")]
    public async Task What_is_wrong_is_said_and_nothing_is_done(string method, string path, string? body, string type)
    {
        await using var app = await AppHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), Uri(path))
        {
            Content = body is null
            ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json")
        };

        using var answer = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(type, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
        Assert.Empty(await PagesAsync(app.Http, "api/topics/offers/subscribers", "recipient"));
    }

    private static async Task<IReadOnlyList<string>> PagesAsync(HttpClient http, string path, string name)
    {
        var found = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await http.GetFromJsonAsync<JsonElement>(
                Uri(path + (cursor is null ? "" : $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={cursor}")));
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty(name).GetString()!));
            if (!page.TryGetProperty("next", out var next))
            {
                return found;
            }
            Assert.True(found.Count < 10_000, "The pages do not end.");
            cursor = next.GetString();
        }
    }

    private static Uri Uri(string path) => new(path, UriKind.Relative);
}
