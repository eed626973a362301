using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Notify.Functions.Contract;
using Notify.Functions.Host;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Status;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.Host;
using Notify.Functions.Tests.Scenarios;
using Notify.LocalHost.FaultInjection;
using Notify.LocalHost.Hosting;
using Notify.LocalHost.Runtime;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Worker;

namespace Notify.Functions.Tests.LocalHost.Runtime.Worker;

/// <summary>The built app as a worker process, started and spoken to as the Functions host does.</summary>
[Trait("Category", "Slow")]
public sealed class WorkerProcessTests
{
    private const string Dispatchers = "Dispatch,DispatchUrgent";
    private static readonly string Events = Path.Combine(SampleExpectations.Folder, "events.jsonl");

    [SkippableFact]
    public async Task Lists_every_function_with_the_trigger_that_the_local_host_reads()
    {
        Skip.If(OperatingSystem.IsWindows(), "It is started by a POSIX shell.");
        var settings = CompositionTests.Settings();
        await using var worker = new WorkerHost(settings, NullLoggerFactory.Instance);
        await worker.StartAsync(CancellationToken.None);

        var functions = (await worker.ReadyAsync(CancellationToken.None)).Functions.Values;
        await worker.StopAsync(CancellationToken.None);

        var deployed = JsonSerializer.Deserialize<string[]>(RepositoryRoot.Read("infra", "functions.json"))!;
        Assert.Equal(deployed, functions.Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            FunctionCatalog.Read(typeof(NotifyApp).Assembly, settings).Functions.Select(WorkerBindings.Of).Order(StringComparer.Ordinal),
            functions.Select(one => WorkerBindings.Of(one, settings)).Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task Says_why_where_the_worker_does_not_start()
    {
        Skip.If(OperatingSystem.IsWindows(), "It is started by a POSIX shell.");
        var settings = CompositionTests.Settings();
        settings["Notify:Broker:BrokerList"] = "";
        await using var worker = new WorkerHost(settings, NullLoggerFactory.Instance);

        var fault = await Assert.ThrowsAsync<StartupException>(() => worker.StartAsync(CancellationToken.None));
        await worker.StopAsync(CancellationToken.None);

        Assert.Contains("Notify__Broker__BrokerList is missing", fault.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_thousand_events_give_the_numbers_that_their_readme_states()
    {
        await using var world = await RealWorld.StartAsync();
        var host = await world.StartHostAsync(arguments: ["--worker", "process"]);

        SampleExpectations.Read().Hold(await world.RunAsync(Events));

        Assert.Equal(0, await new SandboxMessages(world.Sandbox.Http).AssertSentOnceAsync(world.Observer.Services));
        Assert.Equal(0, await host.StopAsync());
    }

    [SkippableFact]
    public async Task A_worker_that_dies_in_the_middle_of_a_batch_loses_and_doubles_nothing()
    {
        await using var world = await RealWorld.StartAsync();
        await world.StartHostAsync(functions: string.Join(',', CompositionTests.FunctionNames()
            .Except(Dispatchers.Split(','), StringComparer.Ordinal)));
        var dispatching = await world.BuildAsync(
            functions: Dispatchers, arguments: ["--worker", "process"], workerKillAt: CrashPoint.BeforeMark + ":2");
        await dispatching.StartAsync();

        SampleExpectations.Read().Hold(await world.RunAsync(Events));

        Assert.Equal(0, await new SandboxMessages(world.Sandbox.Http).AssertSentOnceAsync(world.Observer.Services));
        Assert.True(dispatching.Services.GetRequiredService<WorkerHost>().Starts > 1);
    }

    [SkippableFact]
    public async Task A_setting_alone_kills_no_worker()
    {
        await using var world = await RealWorld.StartAsync();
        var host = await world.BuildAsync(
            functions: Dispatchers, arguments: ["--worker", "process"], settings: new() { [KillAt.Variable] = CrashPoint.BeforeMark });
        await host.StartAsync();
        var (worker, reader) = (host.Services.GetRequiredService<WorkerHost>(), host.Services.GetRequiredService<NotificationReader>());

        // The second shows that the first is behind that place.
        foreach (var id in (string[])["setting-1", "setting-2"])
        {
            await world.PublishAsync(TestEvents.Alert() with
            {
                Id = id,
                Recipients = ["tel:+15555550211"],
                Channels = [Channel.Sms],
                CreatedAt = TimeProvider.System.GetUtcNow(),
            });
            await Patience.UntilAsync(
                () => reader.FindAsync(tenant: null, id, 0, 100, CancellationToken.None), view => view is { Deliveries.Count: 1 }
                    || worker.Starts > 1);
        }

        Assert.Equal(1, worker.Starts);
    }

    /// <summary>What it has claimed it sends and writes down; nobody has to find out later that an answer was lost.</summary>
    [SkippableFact]
    public async Task A_worker_that_is_asked_to_end_in_the_middle_of_sending_leaves_nothing_in_doubt()
    {
        await using var world = await RealWorld.StartAsync();
        var messages = new SandboxMessages(world.Sandbox.Http);
        await messages.SlowDownAsync(5000);
        var host = await world.BuildAsync(functions: string.Join(',', CompositionTests.FunctionNames()), arguments: ["--worker", "process"],
            settings: new()
            {
                // Few messages at once, so that some are not begun when the worker is to end.
                ["AzureFunctionsJobHost__extensions__queues__batchSize"] = "2",
                ["AzureFunctionsJobHost__extensions__queues__newBatchThreshold"] = "0",
                ["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:01",
            });
        await host.StartAsync();
        const int Recipients = 60;
        var recipients = Enumerable.Range(0, Recipients).Select(i => $"tel:+155555502{i:00}").ToArray();
        await world.PublishAsync(TestEvents.Alert() with
        {
            Id = "ending-1",
            Recipients = recipients,
            Channels = [Channel.Sms],
            CreatedAt = TimeProvider.System.GetUtcNow()
        });
        await messages.WaitForDelayedAsync(1);

        var worker = host.Services.GetRequiredService<WorkerHost>();
        await worker.SignalAsync("TERM");
        await messages.SlowDownAsync(1);
        await messages.WaitForAsync(Recipients);

        Assert.True(worker.Starts > 1);
        var view = await WaitForAsync(host, "ending-1", view => view.Deliveries.All(one => one.Status is "sent" or "delivered"));
        Assert.All(view.Deliveries, one => Assert.Equal(1, one.Attempts));
        Assert.Equal(0, await messages.AssertSentOnceAsync(world.Observer.Services));
    }

    private static async Task<NotificationView> WaitForAsync(LocalHostApp host, string id, Func<NotificationView, bool> isThere)
    {
        var reader = host.Services.GetRequiredService<NotificationReader>();
        var found = await Patience.UntilAsync(
            () => reader.FindAsync(tenant: null, id, 0, 10_000, CancellationToken.None),
            view => view is not null && isThere(view),
            view => string.Join(", ", view?.Deliveries.CountBy(one => one.Status).Select(one => $"{one.Value} {one.Key}") ?? []));
        return found!;
    }
}
