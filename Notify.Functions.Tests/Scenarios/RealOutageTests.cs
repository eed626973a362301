using System.Net;
using System.Net.Http.Json;
using Notify.Bench.World;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>A backend that is away for ten seconds in the middle of a run: nothing is lost, nothing is sent twice.</summary>
[Trait("Category", "Slow")]
public sealed class RealOutageTests
{
    private const int FirstRequests = 20;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);

    [SkippableFact]
    public async Task Redis_stopped_and_come_back_empty_changes_no_number()
    {
        await using var world = await RealWorld.StartAsync();
        await world.StartHostAsync();

        await RunAsync(world, async () =>
        {
            await world.Redis.StopAsync();
            await Task.Delay(Outage);
            await world.Redis.StartAsync(CancellationToken.None);
        });
    }

    [SkippableFact]
    public async Task Storage_stopped_and_come_back_changes_no_number()
    {
        await using var world = await RealWorld.StartAsync(storageInMemory: false);
        await world.StartHostAsync();

        await RunAsync(world, async () =>
        {
            await world.Storage.StopAsync();
            await Task.Delay(Outage);
            await world.Storage.StartAsync(CancellationToken.None);
        });
    }

    [SkippableFact]
    public async Task A_broker_out_of_reach_changes_no_number_and_meanwhile_events_are_refused_with_503()
    {
        await using var world = await RealWorld.StartAsync();
        await using var proxy = TcpProxy.BeforeKafka(world.Kafka.Address);
        var host = await world.StartHostAsync(kafka: proxy.Address);
        List<HttpResponseMessage> accepted = [];

        await RunAsync(world, async () =>
        {
            accepted.Add(await PostAsync(host));
            proxy.Cut();
            var away = Task.Delay(Outage);
            while (!away.IsCompleted)
            {
                using var refused = await PostAsync(host);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
                Assert.NotNull(refused.Headers.RetryAfter);
            }
            proxy.Restore();
            accepted.Add(await AcceptedAgainAsync(host));
        });

        foreach (var answer in accepted)
        {
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            await Posted.AssertDeliveredAsync(1, host.Http, answer);
            answer.Dispose();
        }
    }

    /// <summary>Puts a file through, with an outage as soon as the first requests are at the providers.</summary>
    private static async Task RunAsync(RealWorld world, Func<Task> outage)
    {
        using var file = new SampleFile();
        var messages = new SandboxMessages(world.Sandbox.Http);
        await messages.SlowDownAsync(milliseconds: 1000);

        var run = world.RunAsync(file.Path);
        // Not for messages: on a busy machine most requests are under way when the first is answered.
        await messages.WaitForDelayedAsync(FirstRequests);
        var before = await messages.CountAsync();
        await messages.SlowDownAsync(milliseconds: 150);
        await outage();
        var summary = await run;

        Assert.True(before < await messages.CountAsync() / 2, "It was nearly over before the outage.");
        Assert.Equal((await SampleRun.EmbeddedAsync(file.Path)).ToString(), summary.ToString());
        Assert.Equal(0, await messages.AssertSentOnceAsync(world.Observer.Services));
    }

    private static Task<HttpResponseMessage> PostAsync(HostProcess host) =>
        host.Http.PostAsJsonAsync(new Uri("api/notify", UriKind.Relative), new
        {
            type = "transactional",
            priority = "normal",
            recipients = new[] { "mailto:posted@example.com" },
            channels = new[] { "email" },
            payload = new { message = "Posted" },
        });

    private static async Task<HttpResponseMessage> AcceptedAgainAsync(HostProcess host)
    {
        return await Patience.UntilAsync(() => PostAsync(host), answer => answer.StatusCode == HttpStatusCode.Accepted, answer =>
            answer.StatusCode.ToString());
    }
}
