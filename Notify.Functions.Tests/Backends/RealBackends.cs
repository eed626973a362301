using Notify.LocalHost.Backends;

namespace Notify.Functions.Tests.Backends;

/// <summary>
/// The real backends of a test run: one of each, started when a test first asks for it, shared by all, ended with the run. Tests keep out
/// of each other's way by names of their own.
/// </summary>
internal static class RealBackends
{
    private const string Required = "NOTIFY_REQUIRE_BACKENDS";
    private static readonly BackendProcesses Processes = new();
    private static readonly Lazy<Task<RedisServer>> Redis = new(() => Task.Run(() => Processes.StartRedisAsync(CancellationToken.None)));
    private static readonly Lazy<Task<AzuriteServer>> Storage =
        new(() => Task.Run(() => Processes.StartStorageAsync(CancellationToken.None, inMemory: true)));
    private static readonly Lazy<Task<KafkaMockServer>> Kafka =
        new(() => Task.Run(() => Processes.StartKafkaAsync(CancellationToken.None)));

    public static Task<RedisServer> RedisAsync() => OrSkipAsync(() => Redis.Value);

    public static Task<AzuriteServer> StorageAsync() => OrSkipAsync(() => Storage.Value);

    public static Task<KafkaMockServer> KafkaAsync() => OrSkipAsync(() => Kafka.Value);

    /// <summary>One of each for a test alone, all started at once.</summary>
    public static async Task<(KafkaMockServer Kafka, RedisServer Redis, AzuriteServer Storage)> StartAsync(
        BackendProcesses processes, bool storageInMemory)
    {
        var kafka = OrSkipAsync(() => processes.StartKafkaAsync(CancellationToken.None));
        var redis = OrSkipAsync(() => processes.StartRedisAsync(CancellationToken.None));
        var storage = OrSkipAsync(() => processes.StartStorageAsync(CancellationToken.None, storageInMemory));
        await Task.WhenAll(kafka, redis, storage);
        return (await kafka, await redis, await storage);
    }

    /// <summary>
    /// Skips the test, with the reason, where a backend is not installed; where the environment says that they all have to be
    /// (<c>NOTIFY_REQUIRE_BACKENDS=1</c>, in CI), the test fails instead.
    /// </summary>
    public static async Task<T> OrSkipAsync<T>(Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (BackendMissingException e) when (Environment.GetEnvironmentVariable(Required) != "1")
        {
            throw new SkipException(e.Message, e);
        }
    }
}
