using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Storage;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.DeadLetters;

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

        var causes = await host.WaitForAsync("/api/dead-letters", view => view.GetProperty("items").GetArrayLength() > 0);

        var cause = Assert.Single(causes.GetProperty("items").EnumerateArray());
        Assert.Equal((Cause, 1), (cause.GetProperty("cause").GetString(), cause.GetProperty("count").GetInt32()));
        var page = await host.GetAsync("/api/dead-letters?cause=" + Cause);
        var id = Assert.Single(page.GetProperty("items").EnumerateArray()).GetProperty("id").GetString();
        Assert.DoesNotContain("garbage", page.GetRawText(), StringComparison.Ordinal);

        using var preview = await host.PostAsync("/api/dead-letters/redrive", JsonSerializer.Serialize(new { ids = new[] { id }, preview = true }));
        Assert.Equal(HttpStatusCode.OK, preview.StatusCode);
        using var redriven = await host.PostAsync("/api/dead-letters/redrive", JsonSerializer.Serialize(new { cause = Cause }));
        Assert.Equal((HttpStatusCode.Accepted, 1), (redriven.StatusCode, (await redriven.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("count").GetInt32()));
        // It is no better than before.
        await host.WaitForAsync("/api/dead-letters", view => view.GetProperty("items").GetArrayLength() > 0);
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
        await world.Observer.Services.GetRequiredService<IQueues>().SendAsync("notify-sms-urgent", "garbage", TimeSpan.Zero, CancellationToken.None);

        for (var tries = 0; ; tries++)
        {
            var causes = await host.Http.GetFromJsonAsync<JsonElement>(new Uri("api/dead-letters", UriKind.Relative));
            if (causes.GetProperty("items").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } cause)
            {
                Assert.Equal((Cause, 1), (cause.GetProperty("cause").GetString(), cause.GetProperty("count").GetInt32()));
                return;
            }
            Assert.True(tries < 300, host.Output);
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }
}
