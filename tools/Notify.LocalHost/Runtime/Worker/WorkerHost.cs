using System.Globalization;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Notify.Functions.Host;
using Notify.Functions.Ledger;
using Notify.LocalHost.Processes;
using Notify.LocalHost.Runtime.Worker.Protocol;

namespace Notify.LocalHost.Runtime.Worker;

/// <summary>
/// Runs the built app as the Functions host does: as a process that connects back by gRPC. One that ends is started again; who invokes a
/// function meanwhile waits for it.
/// </summary>
/// <param name="configuration">The settings that it passes on.</param>
/// <param name="loggers">Where what the worker logs goes.</param>
/// <param name="more">What each worker's environment has besides; nothing unless given.</param>
internal sealed partial class WorkerHost(
    IConfiguration configuration, ILoggerFactory loggers, IReadOnlyDictionary<string, string>? more = null)
        : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan PauseBetweenStarts = TimeSpan.FromSeconds(1);
    private static readonly string[] PassedOn = ["Notify", "AzureFunctionsJobHost", "Logging", "OTEL_"];
    private readonly string _appFolder = Path.GetDirectoryName(typeof(NotifyApp).Assembly.Location)!;
    private readonly ILogger _logger = loggers.CreateLogger<WorkerHost>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly BackendFolder _folder = BackendFolder.Create();
    private volatile TaskCompletionSource<WorkerConnection> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _hasLoaded;
    private bool _isStopped;
    private GuardedProcess? _process;
    private WebApplication? _server;
    private Task _running = Task.CompletedTask;

    /// <summary>How often a worker was started.</summary>
    public int Starts { get; private set; }

    /// <summary>Starts listening and the first worker, and waits until its functions are loaded.</summary>
    /// <exception cref="StartupException">The first worker has ended before; the message has the end of what it printed.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, port: 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(this);
        builder.Services.AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (null, null));
        _server = builder.Build();
        _server.MapGrpcService<Stream>();
        await _server.StartAsync(cancellationToken);
        _running = RunAsync(_server.Urls.Single());
        await ReadyAsync(cancellationToken);
    }

    /// <summary>The worker with its functions loaded.</summary>
    internal Task<WorkerConnection> ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Sends the worker process a signal, as an operating system does.</summary>
    internal Task SignalAsync(string signal) => _process?.SignalAsync(signal) ?? Task.CompletedTask;

    /// <summary>Ends the worker.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isStopped, true))
        {
            return;
        }
        await _stopping.CancelAsync();
        if (_ready.Task.IsCompletedSuccessfully)
        {
            (await _ready.Task).Terminate();
        }
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
        await _running;
        if (_server is not null)
        {
            await _server.StopAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Where it was not stopped.
        await StopAsync(CancellationToken.None);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        _stopping.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync(string address)
    {
        while (!_stopping.IsCancellationRequested)
        {
            Starts++;
            _process = GuardedProcess.Start(_folder.Path, FormattableString.Invariant($"worker-{Starts}"), Command(address), Settings());
            await _process.ExitedAsync(_stopping.Token);
            if (_stopping.IsCancellationRequested)
            {
                return;
            }
            var output = await _process.OutputAsync(CancellationToken.None);
            var end = output[^Math.Min(output.Length, 2000)..];
            if (!_hasLoaded)
            {
                _ready.TrySetException(new StartupException($"The worker process did not start: …{end}"));
                return;
            }
            Ended(end);
            await Wait.ForAsync(PauseBetweenStarts, TimeProvider.System, _stopping.Token);
        }
    }

    private static IEnumerable<string> Command(string address) =>
    [
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", "exec", typeof(NotifyApp).Assembly.Location,
        "--functions-uri", address, "--functions-worker-id", Guid.NewGuid().ToString(), "--functions-request-id", Guid.NewGuid().ToString(),
        "--functions-grpc-max-message-length", int.MaxValue.ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>The settings of this host, as the Functions host passes its own on.</summary>
    private Dictionary<string, string> Settings()
    {
        var settings = configuration.AsEnumerable()
            .Where(one => one.Value is not null && PassedOn.Any(prefix => one.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(one => one.Key.Replace(":", "__", StringComparison.Ordinal), one => one.Value!, StringComparer.OrdinalIgnoreCase);
        settings["FUNCTIONS_APPLICATION_DIRECTORY"] = _appFolder;
        settings["FUNCTIONS_WORKER_DIRECTORY"] = _appFolder;
        settings["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        // This host is no Azure, in whatever container it runs.
        foreach (var sign in IdentityKeyCheck.SignsOfAzure)
        {
            settings[sign] = "";
        }
        foreach (var (name, value) in more ?? new Dictionary<string, string>())
        {
            settings[name] = value;
        }
        return settings;
    }

    private async Task ServeAsync(
        IAsyncStreamReader<StreamingMessage> incoming, IServerStreamWriter<StreamingMessage> outgoing, CancellationToken cancellationToken)
    {
        if (!await incoming.MoveNext(cancellationToken) || incoming.Current.StartStream is null)
        {
            return;
        }
        var connection = new WorkerConnection(_appFolder, Log);
        try
        {
            await connection.RunAsync(incoming, outgoing, () =>
            {
                _hasLoaded = true;
                Loaded(connection.Functions.Count);
                _ready.TrySetResult(connection);
            }, cancellationToken);
        }
        finally
        {
            // Who comes now waits for the next worker.
            if (_ready.Task.IsCompleted)
            {
                _ready = new TaskCompletionSource<WorkerConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>What the worker logs is part of this host's log.</summary>
    private void Log(RpcLog log)
    {
        var logger = loggers.CreateLogger(log.Category);
        var level = (LogLevel)log.Level;
        if (logger.IsEnabled(level))
        {
            var text = log.Exception is { } fault
                ? $"{log.Message} {fault.Type} {fault.Message}{Environment.NewLine}{fault.StackTrace}" : log.Message;
            logger.Log(level, default, text, exception: null, static (message, _) => message);
        }
    }

    private sealed class Stream(WorkerHost host) : FunctionRpc.FunctionRpcBase
    {
        public override async Task EventStream(
            IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream,
            ServerCallContext context)
        {
            try
            {
                await host.ServeAsync(requestStream, responseStream, context.CancellationToken);
            }
            catch (Exception fault) when (fault is IOException or OperationCanceledException)
            {
                // The worker is gone.
            }
        }
    }

    [LoggerMessage(EventId = 8801, Level = LogLevel.Information, Message = "The worker process has loaded {count} functions")]
    private partial void Loaded(int count);

    [LoggerMessage(EventId = 8802, Level = LogLevel.Error, Message = "The worker process has ended and is started again: …{output}")]
    private partial void Ended(string output);
}
