using Notify.LocalHost.Backends;
using Notify.LocalHost.Runtime;
using Notify.Sandbox.Common;

namespace Notify.LocalHost.Hosting;

/// <summary>What the host starts beside itself: backends, a sandbox. They end after it.</summary>
internal sealed class Companions : IAsyncDisposable
{
    private BackendProcesses? _backends;

    /// <summary>The provider sandbox that is in use.</summary>
    public ProviderSandbox Sandbox { get; private set; } = new();

    /// <summary>Starts a backend of each kind; the options then say where they are.</summary>
    /// <exception cref="BackendMissingException">Not everything is installed for that.</exception>
    public async Task<LocalHostOptions> StartBackendsAsync(LocalHostOptions options, CancellationToken cancellationToken)
    {
        if (BackendProcesses.Missing() is { Count: > 0 } missing)
        {
            throw new BackendMissingException($"--up: {string.Join(' ', missing)}");
        }
        _backends = new BackendProcesses();
        var kafka = _backends.StartKafkaAsync(cancellationToken);
        var redis = _backends.StartRedisAsync(cancellationToken);
        var storage = _backends.StartStorageAsync(cancellationToken);
        await Task.WhenAll(kafka, redis, storage);
        return options with
        {
            Kafka = new BackendAddress((await kafka).Address),
            Redis = new BackendAddress((await redis).Address),
            Storage = new BackendAddress((await storage).Address),
        };
    }

    /// <summary>Chooses the sandbox: inside unless the options say otherwise.</summary>
    /// <param name="options">The options.</param>
    /// <param name="inner">How the one inside behaves; <see langword="null"/> for none.</param>
    /// <param name="ownAddress">Where this host will listen.</param>
    /// <param name="patience">For how long a sandbox that runs elsewhere may not listen yet.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StartupException">The one that is asked for is not there.</exception>
    public async Task StartSandboxAsync(
        LocalHostOptions options, SandboxOptions? inner, Uri ownAddress, TimeSpan patience, CancellationToken cancellationToken)
    {
        // Reports go to a host that can take them.
        var webhooks = options.Loads("ReceiveWebhook");
        switch (options.Sandbox)
        {
            case null when inner is not null:
                Sandbox = new InnerSandbox(inner, ownAddress);
                break;
            case null or "none":
                break;
            case "own":
                var process = await SandboxProcess.StartAsync(cancellationToken);
                Sandbox = await OuterSandbox.ConnectAsync(process.Address, ownAddress, webhooks, process, patience, cancellationToken);
                break;
            default:
                Sandbox = await OuterSandbox.ConnectAsync(new Uri(options.Sandbox), ownAddress, webhooks, process: null, patience,
                    cancellationToken);
                break;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        if (_backends is not null)
        {
            await _backends.DisposeAsync();
        }
    }
}
