using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Digests;
using Notify.Functions.Dispatch;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Erasure;
using Notify.Functions.Functions.Queues;
using Notify.Functions.Functions.Timers;
using Notify.Functions.Host;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Pipeline;
using Notify.Functions.Sending.Throttling;
using Notify.Functions.Status;
using Notify.Functions.Tests.LocalHost;
using Notify.LocalHost.InMemory;

namespace Notify.Functions.Tests.Harness;

/// <summary>
/// The whole service on embedded backends and a clock of the test's own, driven step by step: dispatch these records, run the lanes,
/// build the digests. Nothing happens by itself.
/// </summary>
internal sealed class NotifyHarness : IDisposable
{
    private readonly IHost _host;
    private long _offset;

    public NotifyHarness(
        InMemoryBackends? backends = null, ManualClock? clock = null, IReadOnlyDictionary<string, string?>? settings = null,
        Action<IServiceCollection>? configure = null)
    {
        Clock = clock ?? new ManualClock();
        Backends = backends ?? new InMemoryBackends(Clock);
        Tables = new FaultyTables(Backends.Tables);
        Senders = new Dictionary<Channel, ScriptedSender>
        {
            [Channel.Email] = new(Channel.Email, "sendgrid", 1000),
            [Channel.Sms] = new(Channel.Sms, "twilio", 1),
            [Channel.Push] = new(Channel.Push, "fcm", 1),
        };
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(builder.Configuration,
            TestSettings.Providers.Concat(TestSettings.Unlimited.Where(limit => settings?.ContainsKey(limit.Key) is not true))
                .Concat(settings ?? new Dictionary<string, string?>()));
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Logging.AddProvider(Log);
        builder.AddNotify();
        builder.Services.Replace(ServiceDescriptor.Singleton<ITables>(Tables));
        builder.Services.Replace(ServiceDescriptor.Singleton<IQueues>(Backends.Queues));
        builder.Services.Replace(ServiceDescriptor.Singleton<IEventPublisher>(Backends.Topics));
        builder.Services.Replace(ServiceDescriptor.Singleton<IConsumerLag>(Backends.Topics));
        builder.Services.Replace(ServiceDescriptor.Singleton<IDispatchCache>(Backends.DedupCache));
        builder.Services.Replace(ServiceDescriptor.Singleton(container =>
            Backends.Gate(container.GetRequiredService<IOptions<ResilienceOptions>>())));
        foreach (var real in builder.Services.Where(service => service.ServiceType == typeof(IProviderSender)
            && service.ImplementationType != typeof(Notify.Functions.Sending.InApp.InboxSender)).ToList())
        {
            builder.Services.Remove(real);
        }
        foreach (var sender in Senders.Values)
        {
            builder.Services.AddSingleton<IProviderSender>(sender);
        }
        configure?.Invoke(builder.Services);
        _host = builder.Build();
    }

    public ManualClock Clock { get; }

    public InMemoryBackends Backends { get; }

    public FaultyTables Tables { get; }

    public IReadOnlyDictionary<Channel, ScriptedSender> Senders { get; }

    public TestLog Log { get; } = new();

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    public void Dispose() => _host.Dispose();

    /// <summary>A recipient with an address on every channel.</summary>
    public Task AddRecipientAsync(string id, string? tenant = null) => Get<TableRecipientDirectory>().PutAsync(
        new RecipientProfile
        {
            Id = id,
            Tenant = tenant,
            Email = $"{id}@example.com",
            Phone = "+15555550100",
            PushTokens = [$"token-{id}"]
        }, CancellationToken.None);

    /// <summary>A record as the topic would bring it.</summary>
    public IncomingRecord Record(string json, long? offset = null) =>
        new(new EventPosition("notifications.incoming", 0, offset ?? _offset++), Clock.GetUtcNow(), Encoding.UTF8.GetBytes(json));

    public IncomingRecord Record(NotificationEvent notification, long? offset = null) =>
        new(new EventPosition("notifications.incoming", 0, offset ?? _offset++), Clock.GetUtcNow(), EventWriter.Write(notification));

    public Task DispatchAsync(params IncomingRecord[] records) => Get<EventDispatcher>().DispatchAsync(records, CancellationToken.None);

    /// <summary>
    /// Takes every visible message of the lanes (and the queues of digests and of topics' ranges) and runs its function until none is left.
    /// </summary>
    public async Task RunQueuesAsync()
    {
        var worked = true;
        while (worked)
        {
            worked = false;
            foreach (var queue in FanOutQueue.Queues)
            {
                worked |= await RunQueueAsync(queue, message => ActivatorUtilities.CreateInstance<FanOutFunctions>(_host.Services)
                    .FanOut(message, CancellationToken.None));
            }
            foreach (var channel in ContractNames.Channels)
            {
                worked |= await RunLaneAsync(channel, urgent: true) | await RunLaneAsync(channel, urgent: false);
            }
            worked |= await RunQueueAsync(RecipientErasure.Queue, message =>
                ActivatorUtilities.CreateInstance<EraseRecipientFunction>(_host.Services).EraseRecipient(message, CancellationToken.None));
            worked |= await RunQueueAsync(DigestSettings.Queue, message =>
                ActivatorUtilities.CreateInstance<CloseDigestsFunction>(_host.Services).CloseDigests(message, CancellationToken.None));
        }
    }

    /// <summary>Runs the lanes and the timer of the digests, once an hour.</summary>
    public async Task RunHoursAsync(int hours)
    {
        for (var hour = 0; hour < hours; hour++)
        {
            await RunQueuesAsync();
            await ActivatorUtilities.CreateInstance<BuildDigestsFunction>(_host.Services)
                .BuildDigests(new TimerInfo(), CancellationToken.None);
            await RunQueuesAsync();
            Clock.Advance(TimeSpan.FromHours(1));
        }
    }

    public Task<bool> RunLaneAsync(Channel channel, bool urgent) =>
        RunQueueAsync(ChannelQueues.QueueFor(channel, urgent), message =>
            Get<SendPipeline>().HandleAsync(channel, message, CancellationToken.None));

    public async Task<NotificationView> ReadAsync(string id, string? tenant = null) =>
        await Get<NotificationReader>().FindAsync(tenant, id, 0, 10_000, CancellationToken.None)
            ?? throw new InvalidOperationException("No such event: " + id);

    public async Task<DeliveryView> ReadOnlyDeliveryAsync(string id) => Assert.Single((await ReadAsync(id)).Deliveries);

    private async Task<bool> RunQueueAsync(string queue, Func<string, Task> run)
    {
        var leases = await Backends.Queues.ReceiveAsync(queue, 32, TimeSpan.FromMinutes(10), CancellationToken.None);
        foreach (var lease in leases)
        {
            await run(Encoding.UTF8.GetString(lease.Body!.Value.Span));
            await Backends.Queues.DeleteAsync(lease, CancellationToken.None);
        }
        return leases.Count > 0;
    }
}
