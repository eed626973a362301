using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notify.Bench.World;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Topics;
using Notify.LocalHost.Backends;
using Notify.LocalHost.Hosting;

namespace Notify.Bench.Prove;

/// <summary>
/// Real backends and the sandbox, each a process of its own, ways to cut the broker and the storage off, and an observer that handles
/// nothing and is not cut off.
/// </summary>
internal sealed class ProveWorld : IAsyncDisposable
{
    /// <summary>How many users there are.</summary>
    public const int Users = 300;

    /// <summary>How many topics, and subscribers of each.</summary>
    public const int Topics = 4;

    /// <summary>How many users follow a topic.</summary>
    public const int Subscribers = 25;

    private readonly BackendProcesses _backends = new();
    private readonly List<IAsyncDisposable> _started = [];
    private KafkaMockServer _kafka = null!;

    public RedisServer Redis { get; private set; } = null!;

    public AzuriteServer Storage { get; private set; } = null!;

    /// <summary>What stands before the storage, for each process.</summary>
    public IReadOnlyDictionary<ProcessRole, StorageProxies> Proxies { get; private set; } = new Dictionary<ProcessRole, StorageProxies>();

    public TcpProxy Broker { get; private set; } = null!;

    public HostProcess Sandbox { get; private set; } = null!;

    /// <summary>A host in this process that handles nothing.</summary>
    public LocalHostApp Observer { get; private set; } = null!;

    /// <summary>
    /// What every host is told: everything that waits is short and batches are small, so that a run has many lives, and each life gets
    /// something done.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AzureFunctionsJobHost__extensions__kafka__maxBatchSize"] = "64",
        // Six hosts that look ten times a second would leave the emulator's one thread little time for anything else.
        ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.500",
        ["Notify__LocalHost__QueueLease"] = "00:00:15",
        ["Notify__Sending__ChunkLimit"] = "00:00:08",
        ["Notify__Sending__ClaimMargin"] = "00:00:22",
        ["Notify__Sending__RetryBulk"] = "00:00:02,00:00:03,00:00:05,00:00:08,00:00:10,00:00:10,00:00:15,00:00:20,00:00:30,00:00:30",
        ["Notify__Sending__RetryUrgent"] = "00:00:01,00:00:02,00:00:03,00:00:05,00:00:08,00:00:10,00:00:10,00:00:15,00:00:20,00:00:30",
        ["Notify__Broker__PublishTimeout"] = "00:00:03",
        ["Notify__Batching__Schedule"] = "*/10 * * * * *",
        ["Notify__Batching__Window"] = "00:00:20",
        ["Notify__Resilience__CircuitBreak"] = "00:00:02",
        ["Notify__Resilience__CircuitLongestBreak"] = "00:00:04",
    };

    public static async Task<ProveWorld> StartAsync(CancellationToken cancellationToken)
    {
        var world = new ProveWorld();
        try
        {
            world._kafka = await world._backends.StartKafkaAsync(cancellationToken);
            world.Broker = TcpProxy.BeforeKafka(world._kafka.Address);
            world._started.Add(world.Broker);
            world.Redis = await world._backends.StartRedisAsync(cancellationToken);
            world.Storage = await world._backends.StartStorageAsync(cancellationToken, inMemory: true);
            world.Proxies = ProcessRole.All.ToDictionary(processRole => processRole, _ => new StorageProxies(world.Storage));
            world._started.AddRange(world.Proxies.Values);
            world.Sandbox = await HostProcess.StartAsync(["--sandbox-only", "--port", "0"]);
            world._started.Add(world.Sandbox);
            world.Observer = await LocalHostApp.BuildAsync(
                [.. world.Arguments(port: 0, world.Storage.Address), "--functions", "HealthLive"], setup =>
            {
                setup.ReadsMachineSettings = false;
                setup.Output = TextWriter.Null;
                setup.HostJsonPath = Path.Combine(AppContext.BaseDirectory, "host.json");
                foreach (var (name, value) in Settings)
                {
                    setup.Settings[name.Replace("__", ":", StringComparison.Ordinal)] = value;
                }
                setup.ConfigureServices = services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
            }, cancellationToken);
            world._started.Add(world.Observer);
            await world.Observer.StartAsync(cancellationToken);
            await world.PopulateAsync(cancellationToken);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Whether the broker itself still answers. It is a mock cluster, made for tests of clients and not for being cut off again and again;
    /// where it has stopped, a run says nothing of the service.
    /// </summary>
    public bool DoesBrokerAnswer()
    {
        using var admin = new AdminClientBuilder(
            new BrokerOptions { BrokerList = _kafka.Address }.Configure(new AdminClientConfig())).SetLogHandler((_, _) => { }).Build();
        try
        {
            return admin.GetMetadata(TimeSpan.FromSeconds(15)).Brokers.Count > 0;
        }
        catch (KafkaException)
        {
            return false;
        }
    }

    /// <summary>A user's id.</summary>
    public static string User(int number) => string.Create(CultureInfo.InvariantCulture, $"user-{number}");

    /// <summary>Who follows a topic.</summary>
    public static IReadOnlyList<string> FollowersOf(int topic) => [.. Enumerable.Range(0, Subscribers).Select(n => User((topic * 53) + n))];

    /// <summary>The arguments of a process over these backends.</summary>
    public IReadOnlyList<string> Arguments(ProcessRole processRole, int port) => Arguments(port, Proxies[processRole].Address);

    private IReadOnlyList<string> Arguments(int port, string storage) =>
    [
        "--port", port.ToString(CultureInfo.InvariantCulture), "--kafka", Broker.Address, "--redis", Redis.Address, "--storage", storage,
        "--sandbox", Sandbox.Address.GetLeftPart(UriPartial.Authority),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_started))
        {
            await one.DisposeAsync();
        }
        await _backends.DisposeAsync();
    }

    private async Task PopulateAsync(CancellationToken cancellationToken)
    {
        var profiles = Enumerable.Range(0, Users).Select(number => new RecipientProfile
        {
            Id = User(number),
            Email = User(number) + "@example.com",
            Phone = string.Create(CultureInfo.InvariantCulture, $"+1202555{number:d4}"),
            PushTokens = ["token-" + User(number)],
        }).ToList();
        await Observer.Services.GetRequiredService<RecipientBulk>().PutAsync(profiles, cancellationToken);
        for (var topic = 0; topic < Topics; topic++)
        {
            await Observer.Services.GetRequiredService<TopicSubscribers>()
                .SubscribeAsync(null, string.Create(CultureInfo.InvariantCulture, $"topic-{topic}"), [.. FollowersOf(topic)],
                    cancellationToken);
        }
    }
}
