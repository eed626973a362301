using Microsoft.Extensions.Hosting;
using Notify.Functions.Hosting;
using Notify.LocalHost.Backends;
using Notify.LocalHost.Hosting;

namespace Notify.Functions.Tests.Backends;

/// <summary>Real backends for one test alone: the app's tables, queues and topics have the same names in every host.</summary>
internal sealed class RealBackendsOfOneTest : IAsyncDisposable
{
    private readonly BackendProcesses _processes;

    private RealBackendsOfOneTest(BackendProcesses processes) => _processes = processes;

    public required KafkaMockServer Kafka { get; init; }

    public required RedisServer Redis { get; init; }

    public required AzuriteServer Storage { get; init; }

    /// <summary>Where hosts reach the broker; the test may put a proxy before it.</summary>
    public string KafkaAddress { get; set; } = "";

    public static async Task<RealBackendsOfOneTest> StartAsync()
    {
        var processes = new BackendProcesses();
        try
        {
            var kafka = RealBackends.OrSkipAsync(() => processes.StartKafkaAsync(CancellationToken.None));
            var redis = RealBackends.OrSkipAsync(() => processes.StartRedisAsync(CancellationToken.None));
            var storage = RealBackends.OrSkipAsync(() => processes.StartStorageAsync(CancellationToken.None));
            await Task.WhenAll(kafka, redis, storage);
            return new RealBackendsOfOneTest(processes) { Kafka = await kafka, Redis = await redis, Storage = await storage, KafkaAddress = (await kafka).Address };
        }
        catch
        {
            await processes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts them into a host, in the place of the embedded ones.</summary>
    public void Use(LocalHostSetup setup)
    {
        IHostApplicationBuilder? app = null;
        var configure = setup.ConfigureServices;
        setup.AddApp = builder => app = builder.AddNotify();
        setup.ConfigureServices = services =>
        {
            configure?.Invoke(services);
            app!.UseKafka(KafkaAddress).UseRedis(Redis.Address).UseStorage(Storage.Address);
        };
    }

    public ValueTask DisposeAsync() => _processes.DisposeAsync();
}
