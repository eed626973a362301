using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Infrastructure.Kafka;
using Notify.LocalHost.Hosting;
using Notify.LocalHost.InMemory;
using Notify.LocalHost.Runtime;
using Notify.LocalHost.Runtime.Triggers;

namespace Notify.Functions.Tests.LocalHost.Hosting;

public sealed class LocalHostAppTests
{
    [Fact]
    public async Task Runs_every_kind_of_trigger()
    {
        await using var host = await SampleHost.StartAsync("--functions", "Records,Text,Hello");

        await host.SendAsync("sample-text", "message");
        Assert.Equal("message", (await host.Probe.NextAsync()).Value);
        await PublishAsync(host);
        await host.Probe.NextAsync();
        using var response = await host.Http.GetAsync(new Uri("api/hello/a", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Says_what_there_is_and_then_that_it_is_ready()
    {
        await using var host = await SampleHost.StartAsync();

        var lines = host.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        Assert.Equal("Notify local host", lines[0]);
        Assert.Contains($"Address    http://localhost:{host.App.BaseAddress.Port}", lines);
        Assert.Contains("Kafka      embedded, in memory", lines);
        Assert.Contains($"Hello:          [GET,POST] http://localhost:{host.App.BaseAddress.Port}/api/hello/{{name}}/{{more?}}", lines);
        Assert.Contains("Records:        kafkaTrigger, topic sample.events, group sample-group", lines);
        Assert.Contains("Text:           queueTrigger, queue sample-text", lines);
        Assert.Contains("TickAtStart:    timerTrigger, schedule 0 0 * * * * (disabled)", lines);
        Assert.Equal($"Notify is ready on http://localhost:{host.App.BaseAddress.Port}", lines[^1]);
    }

    [Fact]
    public async Task Lets_two_hosts_share_one_world()
    {
        var world = new InMemoryBackends(TimeProvider.System);
        await using var first = await SampleHost.StartAsync(setup => setup.Embedded = world, "--functions", "Records");
        await using var second = await SampleHost.StartAsync(setup => setup.Embedded = world, "--functions", "Text");

        await first.SendAsync("sample-text", "from the first");
        await PublishAsync(second);

        Assert.Equal("from the first", (await second.Probe.NextAsync()).Value);
        await first.Probe.NextAsync();
    }

    [Fact]
    public async Task Finishes_what_is_in_hand_before_it_stops_and_still_serves_HTTP_meanwhile()
    {
        await using var host = await SampleHost.StartAsync("--functions", "Text,Open");
        var goOn = new TaskCompletionSource();
        host.Probe.Behaviour = _ => goOn.Task;
        await host.SendAsync("sample-text", "message");
        var call = await host.Probe.NextAsync();

        var stopping = host.App.StopAsync(CancellationToken.None);
        using var status = await host.Http.GetAsync(new Uri("admin/host/status", UriKind.Relative), CancellationToken.None);
        using var refused = await host.Http.GetAsync(new Uri("api/open", UriKind.Relative), CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        Assert.False(call.CancellationToken.IsCancellationRequested);
        goOn.SetResult();
        await stopping;

        Assert.Equal(HttpStatusCode.OK, status.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(0, await host.App.Services.GetRequiredService<Notify.Functions.Infrastructure.Queues.IQueues>()
            .CountAsync("sample-text", CancellationToken.None));
    }

    [Fact]
    public async Task Gives_up_what_does_not_end_in_time()
    {
        var clock = new ManualClock();
        var world = new InMemoryBackends(clock);
        await using var host = await SampleHost.StartAsync(
            setup =>
            {
                setup.Clock = clock;
                setup.Embedded = world;
            },
            "--functions",
            "Text");
        host.Probe.Behaviour = static call => Task.Delay(Timeout.InfiniteTimeSpan, call.CancellationToken);
        await host.SendAsync("sample-text", "message");
        await host.Probe.NextAsync(clock, TimeSpan.FromMinutes(1));

        var stopping = host.App.StopAsync();
        await clock.WaitForTimerAsync(TriggerHost.DrainTime);
        clock.Advance(TriggerHost.DrainTime);
        await stopping;

        Assert.Equal(1, await world.Queues.CountAsync("sample-text", CancellationToken.None));
        Assert.Single(await world.Queues.ReceiveAsync("sample-text", 1, TimeSpan.FromMinutes(1), CancellationToken.None));
    }

    [Fact]
    public async Task Says_that_a_port_is_in_use()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        var fault = await Assert.ThrowsAsync<StartupException>(() => LocalHostApp.BuildAsync(["--port", $"{port}"]));

        Assert.Equal($"Port {port} is in use; --port PORT takes another, --port 0 any free one.", fault.Message);
    }

    private static Task PublishAsync(SampleHost host) => host.App.Services.GetRequiredService<IEventPublisher>().PublishAsync(
        new OutgoingRecord("sample.events", "key", Encoding.UTF8.GetBytes("value"), new Dictionary<string, string>(StringComparer.Ordinal)),
        CancellationToken.None);
}
