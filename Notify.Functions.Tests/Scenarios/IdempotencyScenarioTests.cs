using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>One key over HTTP: with the same body, with another one, by callers at once.</summary>
public sealed class IdempotencyScenarioTests
{
    private const string Body =
        """{"type":"alert","priority":"critical","recipients":["user_1"],"channels":["push"],"payload":{"message":"Test","n":1}}""";
    private const string Same =
        """{ "payload": { "n": 1.0, "message": "Test" }, "type": "alert", "priority": "critical", "recipients": ["user_1"], "channels": ["push"] }""";
    private const string Other =
        """{"type":"alert","priority":"critical","recipients":["user_1"],"channels":["push"],"payload":{"message":"Other"}}""";

    [Fact]
    public async Task The_same_body_is_answered_with_the_first_id_and_another_one_with_422()
    {
        await using var host = await AppHost.StartAsync();

        var (first, again, other) = (await PostAsync(host, Body, "once"), await PostAsync(host, Same, "once"),
            await PostAsync(host, Other, "once"));

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.Status, again.Status));
        var id = first.Answer.GetProperty("id").GetString()!;
        Assert.Equal((id, "/api/notifications/" + id), (again.Answer.GetProperty("id").GetString(), again.Location));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "application/problem+json"), (other.Status, other.Type));
        Assert.Equal(("urn:notify:problem:conflicting-duplicate", 422),
            (other.Answer.GetProperty("type").GetString(), other.Answer.GetProperty("status").GetInt32()));
        Assert.Equal("The Idempotency-Key is already used for another event.", other.Answer.GetProperty("title").GetString());
        Assert.Contains(id, other.Answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var fault = Assert.Single(other.Answer.GetProperty("errors").EnumerateArray());
        Assert.Equal(("Idempotency-Key", "conflicting_duplicate"),
            (fault.GetProperty("field").GetString(), fault.GetProperty("code").GetString()));
        await host.WaitForStatusAsync(id, "sent");
        Assert.Equal("Test", Assert.Single((await host.GetAsync("/sandbox/messages")).EnumerateArray()).GetProperty("body").GetString());
    }

    [Fact]
    public async Task An_id_is_a_key_too_and_in_a_batch_each_event_has_its_own_answer()
    {
        await using var host = await AppHost.StartAsync();
        string Named(string body) => body.Replace("{\"type\"", "{\"id\":\"e1\",\"type\"", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(host, Named(Body))).Status);
        await host.WaitForStatusAsync("e1", "sent");

        var other = await PostAsync(host, Named(Other));
        using var batch = await host.PostAsync("/api/notify/batch", $"[{Named(Body)},{Named(Other)}]");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "The id is already used for another event."),
            (other.Status, other.Answer.GetProperty("title").GetString()));
        Assert.Equal(HttpStatusCode.MultiStatus, batch.StatusCode);
        var items = (await batch.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items");
        Assert.Equal([202, 422], items.EnumerateArray().Select(item => item.GetProperty("status").GetInt32()));
        Assert.Equal("e1", items[0].GetProperty("id").GetString());
        Assert.Equal("conflicting_duplicate", items[1].GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Single((await host.GetAsync("/sandbox/messages")).EnumerateArray());
    }

    [Fact]
    public async Task Of_two_callers_at_once_with_two_bodies_one_is_taken()
    {
        await using var host = await AppHost.StartAsync();
        for (var round = 0; round < 20; round++)
        {
            var answers = await Task.WhenAll(PostAsync(host, Body, $"round-{round}"), PostAsync(host, Other, $"round-{round}"));

            Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.UnprocessableEntity], answers.Select(answer => answer.Status).Order());
            var taken = answers.Single(answer => answer.Status == HttpStatusCode.Accepted).Answer.GetProperty("id").GetString()!;
            Assert.Contains(taken, answers.Single(answer => answer.Status != HttpStatusCode.Accepted).Answer.GetProperty("detail")
                .GetString(), StringComparison.Ordinal);
            await host.WaitForStatusAsync(taken, "sent");
        }
        Assert.Equal(20, (await host.GetAsync("/sandbox/messages")).GetArrayLength());
        Assert.Equal(0, (await host.GetAsync("/api/rejected")).GetProperty("items").GetArrayLength());
    }

    private static async Task<(HttpStatusCode Status, string? Type, string? Location, JsonElement Answer)> PostAsync(
        AppHost host, string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "/api/notify")
        { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        using var answer = await host.Http.SendAsync(request);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.Location?.ToString(),
            await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}
