using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Notify.Functions.Hosting;
using Notify.Functions.Tests.Composition;
using Notify.Functions.Tests.Scenarios;
using Notify.LocalHost.Runtime;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Worker;

namespace Notify.Functions.Tests.LocalHost.Worker;

/// <summary>The built app as a worker process, started and spoken to as the Functions host does.</summary>
[Trait("Category", "Slow")]
[Collection("Hosts in processes of their own")]
public sealed class WorkerProcessTests
{
    private const string Dispatchers = "Dispatch,DispatchUrgent";
    private static readonly string Events = Path.Combine(SampleExpectations.Folder, "events.jsonl");

    [Fact]
    public async Task Lists_every_function_with_the_trigger_that_the_local_host_reads()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        var settings = CompositionTests.Settings();
        await using var worker = new WorkerHost(settings, NullLogger<WorkerHost>.Instance);
        await worker.StartAsync(CancellationToken.None);

        var functions = (await worker.ReadyAsync(CancellationToken.None)).Functions.Values;
        await worker.StopAsync(CancellationToken.None);

        var deployed = JsonSerializer.Deserialize<string[]>(RepositoryRoot.Read("infra", "functions.json"))!;
        Assert.Equal(deployed, functions.Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            FunctionCatalog.Read(typeof(NotifyApp).Assembly, settings).Functions.Select(WorkerBindings.Of).Order(StringComparer.Ordinal),
            functions.Select(one => WorkerBindings.Of(one, settings)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Says_why_where_the_worker_does_not_start()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        var settings = CompositionTests.Settings();
        settings["Notify:Broker:BrokerList"] = "";
        await using var worker = new WorkerHost(settings, NullLogger<WorkerHost>.Instance);

        var fault = await Assert.ThrowsAsync<StartupException>(() => worker.StartAsync(CancellationToken.None));
        await worker.StopAsync(CancellationToken.None);

        Assert.Contains("Notify:Broker:BrokerList", fault.Message, StringComparison.Ordinal);
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
        await world.StartHostAsync(functions: string.Join(',', CompositionTests.FunctionNames().Except(Dispatchers.Split(','), StringComparer.Ordinal)));
        var dispatching = await world.BuildAsync(
            functions: Dispatchers, arguments: ["--worker", "process"], settings: new() { [FaultPoint.Variable] = FaultPoint.BeforeMark + ":2" });
        await dispatching.StartAsync();

        SampleExpectations.Read().Hold(await world.RunAsync(Events));

        Assert.Equal(0, await new SandboxMessages(world.Sandbox.Http).AssertSentOnceAsync(world.Observer.Services));
        Assert.True(dispatching.Services.GetRequiredService<WorkerHost>().Starts > 1);
    }
}
