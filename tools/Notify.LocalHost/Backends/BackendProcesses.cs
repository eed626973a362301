using Notify.LocalHost.Processes;

namespace Notify.LocalHost.Backends;

/// <summary>Real backends for this process alone, on free ports, in a folder of their own; they end with it, however it ends.</summary>
internal sealed class BackendProcesses : IAsyncDisposable
{
    private readonly BackendFolder _folder = BackendFolder.Create();
    private readonly List<BackendServer> _servers = [];
    private readonly Lock _gate = new();

    /// <summary>What is missing to start all three, a sentence each; empty where nothing is.</summary>
    public static IReadOnlyList<string> Missing() =>
        [.. new[] { Platform(), RedisServer.Missing(), AzuriteServer.Missing() }.OfType<string>()];

    /// <summary>Where each server writes what it prints.</summary>
    public string Folder => _folder.Path;

    /// <summary>Starts a Redis.</summary>
    public Task<RedisServer> StartRedisAsync(CancellationToken cancellationToken) =>
        StartAsync(RedisServer.Missing(), folder => new RedisServer(folder), cancellationToken);

    /// <summary>Starts an Azure Storage.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="inMemory">Whether it forgets everything when it is stopped, and is the faster the more it holds.</param>
    public Task<AzuriteServer> StartStorageAsync(CancellationToken cancellationToken, bool inMemory = false) =>
        StartAsync(AzuriteServer.Missing(), folder => new AzuriteServer(folder, inMemory), cancellationToken);

    /// <summary>Starts a Kafka broker.</summary>
    public Task<KafkaMockServer> StartKafkaAsync(CancellationToken cancellationToken) =>
        StartAsync(missing: null, folder => new KafkaMockServer(folder), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        BackendServer[] servers;
        lock (_gate)
        {
            servers = [.. _servers];
            _servers.Clear();
        }
        await Task.WhenAll(servers.Select(server => server.StopAsync()));
        _folder.Dispose();
    }

    private static string? Platform() => OperatingSystem.IsWindows()
        ? "Backends are started on Linux and macOS only: on Windows use WSL, or docker compose up -d."
        : null;

    private async Task<T> StartAsync<T>(string? missing, Func<string, T> make, CancellationToken cancellationToken) where T : BackendServer
    {
        if ((Platform() ?? missing) is { } reason)
        {
            throw new BackendMissingException(reason);
        }
        T server;
        lock (_gate)
        {
            server = make(Directory.CreateDirectory(
                Path.Combine(_folder.Path, FormattableString.Invariant($"{_servers.Count + 1}"))).FullName);
            _servers.Add(server);
        }
        await server.StartAsync(cancellationToken);
        return server;
    }
}
