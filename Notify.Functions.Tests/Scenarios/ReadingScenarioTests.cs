using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Infrastructure.Kafka;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>Batch, cancelling, a recipient's deliveries and rejected records by HTTP: their shapes and their refusals.</summary>
public sealed class ReadingScenarioTests
{
    private const string Event =
        """{"id":"e1","type":"alert","priority":"critical","recipients":["user_1"],"channels":["push"],"payload":{"message":"Test"}}""";

    private static Task<EventPosition> PublishAsync(AppHost host, string record) =>
        host.App.Services.GetRequiredService<IEventPublisher>().PublishAsync(
        new OutgoingRecord("notifications.incoming", "k", Encoding.UTF8.GetBytes(record),
            new Dictionary<string, string>(StringComparer.Ordinal)), CancellationToken.None);

    [Fact]
    public async Task A_batch_answers_202_where_all_are_accepted_and_207_where_one_is_not()
    {
        await using var host = await AppHost.StartAsync();

        using var all = await host.PostAsync("/api/notify/batch", $"[{Event},{Event.Replace("e1", "e2", StringComparison.Ordinal)}]");
        using var some = await host.PostAsync("/api/notify/batch", $"[{Event.Replace("e1", "e3", StringComparison.Ordinal)},{{}}]");

        Assert.Equal(HttpStatusCode.Accepted, all.StatusCode);
        Assert.Equal("""{"items":[{"id":"e1","status":202},{"id":"e2","status":202}]}""", await all.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.MultiStatus, some.StatusCode);
        var items = (await some.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items");
        Assert.Equal((202, 400), (items[0].GetProperty("status").GetInt32(), items[1].GetProperty("status").GetInt32()));
        Assert.Contains(items[1].GetProperty("errors").EnumerateArray(), fault => fault.GetProperty("field").GetString() == "recipients"
            && fault.GetProperty("code").GetString() == "missing");
        await host.WaitForStatusAsync("e3", "sent");
    }

    [Fact]
    public async Task A_body_that_is_no_batch_is_refused_as_a_whole_and_nothing_of_it_goes_out()
    {
        await using var host = await AppHost.StartAsync();
        var withKey = new HttpRequestMessage(HttpMethod.Post,
            "/api/notify/batch")
        { Content = new StringContent($"[{Event}]", Encoding.UTF8, "application/json") };
        withKey.Headers.Add("Idempotency-Key", "once");

        await AssertProblemAsync(HttpStatusCode.BadRequest, host.PostAsync("/api/notify/batch", Event));
        await AssertProblemAsync(HttpStatusCode.BadRequest, host.PostAsync("/api/notify/batch", $"[{Event},{{"));
        await AssertProblemAsync(HttpStatusCode.BadRequest,
            host.PostAsync("/api/notify/batch", $"[{string.Join(',', Enumerable.Repeat(Event, 101))}]"));
        await AssertProblemAsync(HttpStatusCode.BadRequest, host.Http.SendAsync(withKey));
        await AssertProblemAsync(HttpStatusCode.UnsupportedMediaType, host.PostAsync("/api/notify/batch", $"[{Event}]", "text/plain"));
        await AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge,
            host.PostAsync("/api/notify/batch", $"[{Event},\"{new string('x', 4 * 1024 * 1024)}\"]"));
        await AssertProblemAsync(HttpStatusCode.NotFound, host.Http.GetAsync("/api/notifications/e1"));
    }

    [Fact]
    public async Task Cancelling_says_what_became_of_each_delivery_and_before_dispatch_202()
    {
        await using var host = await AppHost.StartAsync();
        await host.NotifyAsync(Event);
        await host.WaitForStatusAsync("e1", "sent");

        using var late = await host.Http.DeleteAsync("/api/notifications/e1?recipient=user_1&channel=push");
        using var early = await host.Http.DeleteAsync("/api/notifications/e2");
        await host.NotifyAsync(Event.Replace("e1", "e2", StringComparison.Ordinal));

        var view = await late.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.OK, 0, 1),
            (late.StatusCode, view.GetProperty("cancelled").GetInt32(), view.GetProperty("tooLate").GetInt32()));
        var delivery = Assert.Single(AppHost.Deliveries(view));
        Assert.Equal((false, "sent", "user_1", "push"),
            (delivery.GetProperty("cancelled").GetBoolean(), delivery.GetProperty("status").GetString(), delivery.GetProperty("recipient")
                .GetString(), delivery.GetProperty("channel").GetString()));
        Assert.Equal(HttpStatusCode.Accepted, early.StatusCode);
        Assert.False((await early.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("dispatched").GetBoolean());
        await host.WaitForStatusAsync("e2", "cancelled");
        Assert.Single((await host.GetAsync("/sandbox/messages")).EnumerateArray());
    }

    [Fact]
    public async Task Cancelling_refuses_what_it_cannot_do()
    {
        await using var host = await AppHost.StartAsync();
        var keyed = Event.Replace("{\"id\"", "{\"deduplicationKey\":\"k\",\"id\"", StringComparison.Ordinal);
        await host.NotifyAsync(keyed);
        // By HTTP it would be answered with the first one's id.
        await PublishAsync(host, keyed.Replace("e1", "e2", StringComparison.Ordinal)
            .Replace("{\"id\"", "{\"createdAt\":\"2026-01-01T00:00:00Z\",\"id\"", StringComparison.Ordinal));
        await host.WaitForAsync("/api/notifications/e2", _ => true);

        await AssertProblemAsync(HttpStatusCode.BadRequest, host.Http.DeleteAsync("/api/notifications/a%20b"));
        await AssertProblemAsync(HttpStatusCode.BadRequest, host.Http.DeleteAsync("/api/notifications/e1?tenant=a%20b"));
        await AssertProblemAsync(HttpStatusCode.BadRequest, host.Http.DeleteAsync("/api/notifications/e1?recipient=mailto:nobody"));
        await AssertProblemAsync(HttpStatusCode.BadRequest, host.Http.DeleteAsync("/api/notifications/e1?channel=fax"));
        await AssertProblemAsync(HttpStatusCode.NotFound, host.Http.DeleteAsync("/api/notifications/e1?recipient=user_2"));
        await AssertProblemAsync(HttpStatusCode.Conflict, host.Http.DeleteAsync("/api/notifications/e2"));
    }

    [Fact]
    public async Task A_recipient_s_deliveries_are_one_call()
    {
        await using var host = await AppHost.StartAsync();
        await host.NotifyAsync(Event.Replace("user_1", "mailto:o'brien@example.com", StringComparison.Ordinal)
            .Replace("\"push\"", "\"push\",\"email\"", StringComparison.Ordinal));
        var path = "/api/recipients/" + Uri.EscapeDataString("mailto:o'brien@example.com") + "/deliveries";

        var view = await host.WaitForAsync(path + "?channel=email", page => page.GetProperty("items").EnumerateArray()
            .Any(one => one.GetProperty("status").GetString() == "delivered"));
        var suppressed = await host.GetAsync(path + "?status=suppressed");

        var delivery = Assert.Single(view.GetProperty("items").EnumerateArray());
        Assert.Equal("e1", delivery.GetProperty("eventId").GetString());
        Assert.Equal("decided", delivery.GetProperty("timeline")[0].GetProperty("fact").GetString());
        Assert.Equal(("push", "no_address"),
            (Assert.Single(suppressed.GetProperty("items").EnumerateArray()).GetProperty("channel").GetString(),
                suppressed.GetProperty("items")[0].GetProperty("reason").GetString()));
        await AssertProblemAsync(HttpStatusCode.BadRequest, host.Http.GetAsync("/api/recipients/a%20b/deliveries"));
        await AssertProblemAsync(HttpStatusCode.BadRequest, host.Http.GetAsync("/api/recipients/user_1/deliveries?channel=fax"));
        await AssertProblemAsync(HttpStatusCode.BadRequest, host.Http.GetAsync("/api/recipients/user_1/deliveries?status=Sent"));
        await AssertProblemAsync(HttpStatusCode.BadRequest,
            host.Http.GetAsync("/api/recipients/user_1/deliveries?cursor=" + delivery.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Rejected_records_are_listed_and_refused_while_they_are_still_faulty()
    {
        await using var host = await AppHost.StartAsync();
        await PublishAsync(host, "not json");

        var page = await host.WaitForAsync("/api/rejected", view => view.GetProperty("items").GetArrayLength() == 1);

        var record = page.GetProperty("items")[0];
        Assert.Equal(("not_json", 8, "notifications.incoming"),
            (record.GetProperty("cause").GetString(), record.GetProperty("bytes").GetInt32(), record.GetProperty("source")
                .GetProperty("topic").GetString()));
        var id = record.GetProperty("id").GetString();
        var conflict = await AssertProblemAsync(HttpStatusCode.Conflict, host.PostAsync($"/api/rejected/{id}/retry", ""));
        Assert.Equal("not_json", conflict.GetProperty("errors")[0].GetProperty("code").GetString());
        await AssertProblemAsync(HttpStatusCode.NotFound, host.PostAsync($"/api/rejected/{id}1/retry", ""));
        await AssertProblemAsync(HttpStatusCode.BadRequest, host.PostAsync("/api/rejected/nonsense/retry", ""));
        await AssertProblemAsync(HttpStatusCode.BadRequest, host.Http.GetAsync("/api/rejected?cursor=nonsense"));
        Assert.Empty((await host.GetAsync("/api/rejected?cursor=" + id)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_retried_record_goes_all_the_way()
    {
        await using var host = await AppHost.StartAsync();
        var source = new Notify.Functions.Infrastructure.Kafka.EventPosition("notifications.incoming", 3, 1);
        var rejected = (Notify.Functions.Ledger.RejectedRecords)host.App.Services.GetService(
            typeof(Notify.Functions.Ledger.RejectedRecords))!;
        await rejected.SetAsideAsync(source, new DateTimeOffset(2026, 3, 4, 11, 0, 0, TimeSpan.Zero), Encoding.UTF8.GetBytes(Event),
            Notify.Functions.Contract.EventHeaders.None, [new Notify.Functions.Contract.EventFault("$", "fault", "x")],
            CancellationToken.None);
        var id = (await host.GetAsync("/api/rejected")).GetProperty("items")[0].GetProperty("id").GetString();

        using var answer = await host.PostAsync($"/api/rejected/{id}/retry", "");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("notifications.incoming", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("source")
            .GetProperty("topic").GetString());
        await host.WaitForStatusAsync("e1", "sent");
        await AssertProblemAsync(HttpStatusCode.Conflict, host.PostAsync($"/api/rejected/{id}/retry", ""));
        using var again = await host.PostAsync($"/api/rejected/{id}/retry?again=true", "");
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
    }

    private static async Task<JsonElement> AssertProblemAsync(HttpStatusCode status, Task<HttpResponseMessage> call)
    {
        using var answer = await call;
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
