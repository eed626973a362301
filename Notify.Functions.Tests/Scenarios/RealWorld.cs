using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notify.Bench.World;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Tests.Backends;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Backends;
using Notify.LocalHost.FaultInjection;
using Notify.LocalHost.Hosting;
using Notify.LocalHost.Tools.EventsFile;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>
/// Real backends, each a process of its own and of one test alone; in this process a sandbox, and an observer: a host that handles nothing,
/// but puts events on the topics and reads the ledger. The hosts that do the work are processes that a test starts, kills and cuts off.
/// </summary>
internal sealed class RealWorld : IAsyncDisposable
{
    // Messages whose answer was lost, or whose process was killed, come back within seconds.
    private static readonly Dictionary<string, string> Hurried = new(StringComparer.Ordinal)
    {
        ["Notify__LocalHost__QueueLease"] = "00:00:20",
        // Looking ten times a second at all queues costs the emulator more than the work does.
        ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.500",
        // The first record of a topic waits for the broker to make it, and several processes share two cores.
        ["Notify__Broker__PublishTimeout"] = "00:00:03",
        // Unless a test is about limits.
        ["Notify__Channels__email__RateLimit"] = "0",
        ["Notify__Channels__sms__RateLimit"] = "0",
        ["Notify__Channels__push__RateLimit"] = "0",
    };

    /// <summary>Where normal and low events go.</summary>
    public const string BulkTopic = "notifications.incoming";

    private const string UrgentTopic = "notifications.urgent";
    private readonly BackendProcesses _processes = new();
    private readonly List<IAsyncDisposable> _started = [];

    private RealWorld()
    {
    }

    public KafkaMockServer Kafka { get; private set; } = null!;

    public RedisServer Redis { get; private set; } = null!;

    public AzuriteServer Storage { get; private set; } = null!;

    public SandboxInProcess Sandbox { get; private set; } = null!;

    /// <summary>The host that only watches.</summary>
    public LocalHostApp Observer { get; private set; } = null!;

    /// <summary>Starts everything but a host that works.</summary>
    /// <param name="storageInMemory">Whether the storage forgets everything when it is stopped, and is faster.</param>
    public static async Task<RealWorld> StartAsync(bool storageInMemory = true)
    {
        var world = new RealWorld();
        try
        {
            await world.StartAllAsync(storageInMemory);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a host that works.</summary>
    /// <param name="kafka">The broker's address, where something stands between.</param>
    /// <param name="port">Where it listens; a free port unless given.</param>
    /// <param name="functions">The functions it loads; all unless given.</param>
    /// <param name="shortClaims">Whether what it has claimed is soon free when it is killed. A busy machine may be too slow for
    /// that.</param>
    /// <param name="killAt">Where it dies by itself.</param>
    /// <param name="more">More settings.</param>
    /// <param name="arguments">More arguments.</param>
    public async Task<HostProcess> StartHostAsync(
        string? kafka = null, int port = 0, string? functions = null, bool shortClaims = false, string? killAt = null,
        IReadOnlyDictionary<string, string>? more = null, IReadOnlyList<string>? arguments = null)
    {
        string[] only = functions is null ? [] : ["--functions", functions];
        var settings = new Dictionary<string, string>(Hurried, StringComparer.Ordinal);
        if (shortClaims || killAt is not null)
        {
            settings["Notify__Sending__ChunkLimit"] = "00:00:15";
            settings["Notify__Sending__ClaimMargin"] = "00:00:05";
        }
        if (killAt is not null)
        {
            settings[KillAt.Variable] = killAt;
        }
        foreach (var (name, value) in more ?? new Dictionary<string, string>())
        {
            settings[name] = value;
        }
        var host = await HostProcess.StartAsync([.. Arguments(port, kafka ?? Kafka.Address, Storage.Address), .. only, .. arguments ?? []],
            settings);
        _started.Add(host);
        return host;
    }

    /// <summary>Puts a file's events on the topics and returns what became of them, when something has become of all.</summary>
    public async Task<EventsSummary> RunAsync(string file)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        await using var progress = new StringWriter();
        try
        {
            return await Observer.Services.GetRequiredService<EventsRun>().RunAsync(file, progress, patience.Token);
        }
        catch (OperationCanceledException fault) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"Not everything came to an end: {progress.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]}", fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_started))
        {
            await one.DisposeAsync();
        }
        await _processes.DisposeAsync();
    }

    private async Task StartAllAsync(bool storageInMemory)
    {
        Sandbox = await SandboxInProcess.StartAsync();
        _started.Add(Sandbox);
        (Kafka, Redis, Storage) = await RealBackends.StartAsync(_processes, storageInMemory);
        Observer = await BuildAsync();
        await Observer.StartAsync();
    }

    /// <summary>Puts an event on its topic, as a producer does; returns when the broker has it.</summary>
    public Task PublishAsync(NotificationEvent notification) => Observer.Services.GetRequiredService<IEventPublisher>().PublishAsync(
        new OutgoingRecord(notification.Priority.IsUrgent() ? UrgentTopic : BulkTopic, notification.Id, EventWriter.Write(notification),
            new Dictionary<string, string>(StringComparer.Ordinal)),
        CancellationToken.None);

    /// <summary>A host in this process, on the same backends; it handles nothing by itself.</summary>
    /// <param name="clock">Its clock; the system's unless given.</param>
    /// <param name="functions">The functions that it loads.</param>
    /// <param name="arguments">More arguments.</param>
    /// <param name="settings">More settings.</param>
    /// <param name="workerKillAt">Where its worker process dies by itself.</param>
    public async Task<LocalHostApp> BuildAsync(
        TimeProvider? clock = null, string functions = "GetNotification", IReadOnlyList<string>? arguments = null,
        Dictionary<string, string>? settings = null,
        string? workerKillAt = null)
    {
        var app = await LocalHostApp.BuildAsync(
            [.. Arguments(port: 0, Kafka.Address, Storage.Address), "--functions", functions, .. arguments ?? []], setup =>
        {
            setup.Clock = clock ?? TimeProvider.System;
            setup.ReadsMachineSettings = false;
            setup.Output = TextWriter.Null;
            setup.KillAt = workerKillAt;
            foreach (var (name, value) in Hurried.Concat(settings ?? []))
            {
                setup.Settings[name.Replace("__", ":", StringComparison.Ordinal)] = value;
            }
            setup.ConfigureServices = services => services.AddSingleton<ILoggerProvider>(new TestLog());
        });
        _started.Add(app);
        return app;
    }

    private string[] Arguments(int port, string kafka, string storage) =>
    [
        "--port", port.ToString(CultureInfo.InvariantCulture), "--kafka", kafka, "--redis", Redis.Address, "--storage", storage,
        "--sandbox", Sandbox.Address.GetLeftPart(UriPartial.Authority),
    ];
}
