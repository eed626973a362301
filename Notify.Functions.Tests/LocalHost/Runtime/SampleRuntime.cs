using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.InMemory;
using Notify.LocalHost.Runtime;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Invocation;

namespace Notify.Functions.Tests.LocalHost.Runtime;

/// <summary>The parts of a host around <see cref="SampleFunctions"/>, with a clock that the test moves.</summary>
internal sealed class SampleRuntime : IAsyncDisposable
{

    public static IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Sample:Brokers"] = "nowhere:9092",
        ["Sample:Topic"] = "sample.events",
        ["Sample:Group"] = "sample-group",
    };

    private readonly ServiceProvider _services;
    private readonly List<Task> _running = [];

    public SampleRuntime()
    {
        Probe = new Probe(Clock);
        Backends = new InMemoryBackends(Clock);
        _services = new ServiceCollection().AddSingleton(Probe).BuildServiceProvider();
        Invoker = new FunctionInvoker(_services.GetRequiredService<IServiceScopeFactory>());
        Catalog = FunctionCatalog.Read([typeof(SampleFunctions)], new ConfigurationBuilder().AddInMemoryCollection(Settings).Build());
    }

    public ManualClock Clock { get; } = new();

    public Probe Probe { get; }

    public LogCapture Log { get; } = new();

    public Drain Drain { get; } = new();

    public InMemoryBackends Backends { get; }

    public FunctionInvoker Invoker { get; }

    public FunctionCatalog Catalog { get; }

    public AppFunction Function(string name) => Catalog.Find(name)!;

    /// <summary>Whether a listener is still at work.</summary>
    public bool IsListening => _running.Exists(t => !t.IsCompleted);

    /// <summary>Starts a listener; it is stopped at the end of the test at the latest.</summary>
    public void Run(ITriggerListener listener) => _running.Add(Task.Run(() => listener.RunAsync(Drain), CancellationToken.None));

    /// <summary>Stops the listeners and waits for what is in hand.</summary>
    public Task StopAsync() =>
        Drain.RunAsync(Task.WhenAll(_running).WaitAsync(Patience.Limit, CancellationToken.None), CancellationToken.None);

    /// <summary>Stops the listeners without any time for what is in hand.</summary>
    public async Task AbandonAsync()
    {
        await Drain.RunAsync(Task.WhenAll(_running), new CancellationToken(canceled: true));
        await Task.WhenAll(_running).WaitAsync(Patience.Limit, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await AbandonAsync();
        Drain.Dispose();
        await _services.DisposeAsync();
    }
}
