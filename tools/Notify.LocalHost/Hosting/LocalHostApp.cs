using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Notify.LocalHost.Runtime;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Tools.EventsFile;
using Notify.LocalHost.Tools.Import;
using Notify.LocalHost.Tools.Replay;

namespace Notify.LocalHost.Hosting;

/// <summary>
/// The service in one process: HTTP by Kestrel, the other triggers by listeners of its own, over embedded or real backends.
/// </summary>
internal sealed class LocalHostApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LocalHostSetup _setup;
    private readonly LocalHostOptions _options;
    private readonly Companions _companions;
    private readonly Action _announce;

    internal LocalHostApp(
        WebApplication app, LocalHostSetup setup, LocalHostOptions options, int port, Companions companions, Action announce)
    {
        (_app, _setup, _options, _companions, _announce) = (app, setup, options, companions, announce);
        BaseAddress = AddressOf(port);
        Url = UrlOf(port);
    }

    /// <summary>Where it listens.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Where it listens, for people: <c>http://localhost:7071</c>.</summary>
    public string Url { get; }

    /// <summary>The services of the app and the host.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>The loaded functions.</summary>
    public FunctionCatalog Catalog => Services.GetRequiredService<FunctionCatalog>();

    /// <summary>Puts a host together without starting it; only its port is taken already.</summary>
    /// <exception cref="UsageException">The arguments cannot be understood.</exception>
    /// <exception cref="StartupException">It cannot be put together; the message says why.</exception>
    public static async Task<LocalHostApp> BuildAsync(
        IReadOnlyList<string> args, Action<LocalHostSetup>? configure = null, CancellationToken cancellationToken = default)
    {
        var setup = new LocalHostSetup();
        configure?.Invoke(setup);
        return await Composition.BuildAsync(CommandLine.Parse(args), setup, cancellationToken);
    }

    /// <summary>Starts everything, the triggers last, and says so.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        _announce();
        await _app.StartAsync(cancellationToken);
        await _setup.Output.WriteLineAsync($"Notify is ready on {Url}");
        await _setup.Output.FlushAsync(cancellationToken);
    }

    /// <summary>Stops taking work, finishes what is in hand, and shuts down.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    /// <summary>
    /// Runs until Ctrl-C, SIGTERM or the token asks it to stop, or until the file of events is done where the options say so. Returns the
    /// exit code: 1 where it was to end with everything explained and did not.
    /// </summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken = default)
    {
        using var signals = new StopSignals();
        await StartAsync(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(signals.Asked, _app.Lifetime.ApplicationStopping,
            cancellationToken);
        var imported = _options.Import is null || await ImportAsync(_options.Import, stop.Token);
        var explained = _options.Events is null || await RunEventsAsync(_options.Events, stop.Token);
        var replayed = _options.Replay is null || await ReplayAsync(_options.Replay, stop.Token);
        if (!_options.Exit && _options.Replay is null)
        {
            await Wait.ForAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
        }
        await StopAsync(CancellationToken.None);
        return (_options.Exit && !(imported && explained)) || !replayed ? 1 : 0;
    }

    /// <summary>
    /// Decides records again and prints what differs; <see langword="false"/> where the ledger lacks something, or it was stopped.
    /// </summary>
    private async Task<bool> ReplayAsync(ReplayRange range, CancellationToken stopping)
    {
        try
        {
            var summary = await Services.GetRequiredService<ReplayRun>().RunAsync(range, _setup.Output, stopping);
            await _setup.Output.WriteLineAsync(summary.ToString());
            await _setup.Output.FlushAsync(CancellationToken.None);
            return summary.Missing == 0;
        }
        catch (KafkaException fault)
        {
            await _setup.Output.WriteLineAsync($"{range.Topic} cannot be read: {fault.Error.Reason}");
            await _setup.Output.FlushAsync(CancellationToken.None);
            return false;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await _setup.Output.WriteLineAsync("Stopped before everything was read.");
            return false;
        }
    }

    /// <summary>Imports a file and prints what it came to; <see langword="false"/> where a line was faulty or it was stopped.</summary>
    private async Task<bool> ImportAsync(string path, CancellationToken stopping)
    {
        try
        {
            var summary = await Services.GetRequiredService<ImportRun>().RunAsync(path, _setup.Output, stopping);
            await _setup.Output.WriteLineAsync(summary.ToString());
            await _setup.Output.FlushAsync(CancellationToken.None);
            return summary.Faulty == 0;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await _setup.Output.WriteLineAsync(
                "Stopped before everything was imported; start it again, what is there already does no harm.");
            return false;
        }
    }

    /// <summary>
    /// Puts a file's events through and prints the summary; <see langword="false"/> where it was stopped before everything was explained.
    /// </summary>
    private async Task<bool> RunEventsAsync(string path, CancellationToken stopping)
    {
        var run = Services.GetRequiredService<EventsRun>();
        try
        {
            var summary = await run.RunAsync(path, _setup.Output, stopping);
            await _setup.Output.WriteLineAsync();
            await _setup.Output.WriteLineAsync(summary.ToString());
            await _setup.Output.FlushAsync(CancellationToken.None);
            return summary.IsExplained;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await _setup.Output.WriteLineAsync("Stopped before every event was explained.");
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _companions.DisposeAsync();
    }

    internal static Uri AddressOf(int port) => new(FormattableString.Invariant($"http://127.0.0.1:{port}/"));

    internal static string UrlOf(int port) => FormattableString.Invariant($"http://localhost:{port}");

    /// <summary>
    /// Takes the port before anything else: a port that is in use is told at once, and a free one is known before the settings that name
    /// it.
    /// </summary>
    internal static Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException fault)
        {
            socket.Dispose();
            throw new StartupException(
                fault.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"Port {port} is in use; --port PORT takes another, --port 0 any free one."
                    : $"Port {port} cannot be listened on: {fault.Message}",
                fault);
        }
    }
}
