using Notify.Bench.World;
using Notify.Functions.Tests.Backends;
using Notify.LocalHost.Backends;

namespace Notify.Functions.Tests.LocalHost.Runtime.Worker;

/// <summary>A host as a process of its own, on backends that nobody has used before, the storage empty.</summary>
/// <param name="arguments">Its arguments, besides the backends.</param>
public abstract class FreshHost(params string[] arguments) : IAsyncLifetime
{
    private readonly BackendProcesses _processes = new();
    private Task<HostProcess>? _host;

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>The host's storage.</summary>
    internal string StorageAddress { get; private set; } = "";

    /// <summary>The host, started by the first test that asks.</summary>
    internal Task<HostProcess> StartAsync() => _host ??= StartAllAsync();

    public async Task DisposeAsync()
    {
        if (_host is { IsCompletedSuccessfully: true })
        {
            await (await _host).DisposeAsync();
        }
        await _processes.DisposeAsync();
    }

    private async Task<HostProcess> StartAllAsync()
    {
        var (kafka, redis, storage) = await RealBackends.StartAsync(_processes, storageInMemory: true);
        StorageAddress = storage.Address;
        return await HostProcess.StartAsync(
            ["--port", "0", "--kafka", kafka.Address, "--redis", redis.Address, "--storage", storage.Address, .. arguments]);
    }
}

/// <summary>The local host, which runs the functions itself.</summary>
public sealed class FreshLocalHost() : FreshHost;

/// <summary>The worker process, which runs them as in Azure.</summary>
public sealed class FreshWorker() : FreshHost("--worker", "process");
