using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Queues;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.Recovery;

public sealed class PoisonScenarioTests
{
    private const string Cause = "unreadable_message";

    [Fact]
    public async Task A_message_that_cannot_be_read_ends_in_poison_then_as_a_dead_letter_and_can_be_sent_again()
    {
        await using var host = await AppHost.StartAsync(setup =>
        {
            setup.Settings["AzureFunctionsJobHost:extensions:queues:maxDequeueCount"] = "2";
            setup.Settings["AzureFunctionsJobHost:extensions:queues:visibilityTimeout"] = "00:00:01";
        });
        await host.App.Services.GetRequiredService<IQueues>().SendAsync("notify-email", "garbage", TimeSpan.Zero, CancellationToken.None);

        var causes = await DrainUntilAsync(host.Http, 1);

        var cause = Assert.Single(causes.GetProperty("items").EnumerateArray());
        Assert.Equal((Cause, 1), (cause.GetProperty("cause").GetString(), cause.GetProperty("count").GetInt32()));
        var page = await host.GetAsync("/api/dead-letters?cause=" + Cause);
        var id = Assert.Single(page.GetProperty("items").EnumerateArray()).GetProperty("id").GetString();
        Assert.DoesNotContain("garbage", page.GetRawText(), StringComparison.Ordinal);

        using var preview = await host.PostAsync("/api/dead-letters/redrive",
            JsonSerializer.Serialize(new { ids = new[] { id }, preview = true }));
        Assert.Equal(HttpStatusCode.OK, preview.StatusCode);
        using var redriven = await host.PostAsync("/api/dead-letters/redrive", JsonSerializer.Serialize(new { cause = Cause }));
        Assert.Equal((HttpStatusCode.Accepted, 1),
            (redriven.StatusCode, (await redriven.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("count").GetInt32()));
        // It is no better than before.
        await DrainUntilAsync(host.Http, 1);
        using var refused = await host.PostAsync("/api/dead-letters/redrive", "{}");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var badCursor = await host.Http.GetAsync("/api/dead-letters?cause=x&cursor=y");
        Assert.Equal(HttpStatusCode.BadRequest, badCursor.StatusCode);
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public async Task So_it_does_on_real_queues()
    {
        await using var world = await RealWorld.StartAsync();
        var host = await world.StartHostAsync(more: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AzureFunctionsJobHost__extensions__queues__maxDequeueCount"] = "2",
            ["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:01",
        });
        await world.Observer.Services.GetRequiredService<IQueues>()
            .SendAsync("notify-sms-urgent", "garbage", TimeSpan.Zero, CancellationToken.None);
        // The queue trigger moves it as it is: it cannot read it.
        var plain = new QueueClient(world.Storage.Address, "notify-push");
        await plain.CreateIfNotExistsAsync();
        await plain.SendMessageAsync("no base64 at all");

        var causes = await DrainUntilAsync(host.Http, 2);

        var cause = Assert.Single(causes.GetProperty("items").EnumerateArray());
        Assert.Equal((Cause, 2), (cause.GetProperty("cause").GetString(), cause.GetProperty("count").GetInt32()));
        Assert.Equal(["notify-push", "notify-sms-urgent"], cause.GetProperty("samples").EnumerateArray()
            .Select(one => one.GetProperty("queue").GetString()).Order(StringComparer.Ordinal));
    }

    /// <summary>Runs the timer that empties the poison queues until there are so many dead letters.</summary>
    private static Task<JsonElement> DrainUntilAsync(HttpClient http, int letters) => Patience.UntilAsync(
        async () =>
        {
            using var run = await http.PostAsync("/admin/functions/DrainPoison", content: null);
            Assert.Equal(HttpStatusCode.Accepted, run.StatusCode);
            return await http.GetFromJsonAsync<JsonElement>("/api/dead-letters");
        },
        causes => causes.GetProperty("items").EnumerateArray().Sum(one => one.GetProperty("count").GetInt32()) >= letters);
}
