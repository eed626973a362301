using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Notify.LocalHost.Hosting;

namespace Notify.Bench.World;

/// <summary>The built local host as a process of its own, as people start it; it can be killed.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    // A folder for what the hosts print, to look into what a run has met.
    private const string Logs = "NOTIFY_TEST_LOGS";
    // Far longer than a busy machine takes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly Process _process;
    private readonly int _id;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _disposed;

    private HostProcess(Process process)
    {
        (_process, _id) = (process, process.Id);
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>Whether it has ended, by whatever means.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>A client of it, with time for a busy machine.</summary>
#pragma warning disable RS0030 // There are no services here that a factory could come from.
    public HttpClient Http { get; } = new() { Timeout = Patience };
#pragma warning restore RS0030

    /// <summary>What it has printed, for the message of a failure.</summary>
    public string Output => string.Join(Environment.NewLine, _output);

    /// <summary>Starts one and waits until it says that it is ready.</summary>
    public static async Task<HostProcess> StartAsync(IEnumerable<string> args, IReadOnlyDictionary<string, string>? settings = null)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var arg in (IEnumerable<string>)["exec", typeof(LocalHostApp).Assembly.Location, .. args])
        {
            start.ArgumentList.Add(arg);
        }
        // Who lives for seconds gains nothing by profiles, or by what is compiled once more because it is called often.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        var host = new HostProcess(Process.Start(start)!);
        try
        {
            host.Address = await host._ready.Task.WaitAsync(Patience);
            host.Http.BaseAddress = host.Address;
            return host;
        }
        catch (Exception fault)
        {
            await host.DisposeAsync();
            throw new InvalidOperationException($"The host did not start: {host.Output}", fault);
        }
    }

    /// <summary>SIGKILL, to the process alone: it gets no chance to do anything any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Waits until it has ended, by whatever means.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Sends a signal; to one that has ended, to nobody.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>SIGTERM; its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }
        if (!_process.HasExited)
        {
            await KillAsync();
        }
        if (Environment.GetEnvironmentVariable(Logs) is { } folder)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, $"host-{_process.Id}.log"), Output);
        }
        Http.Dispose();
        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            _ready.TrySetException(new InvalidOperationException("It ended before it was ready."));
            return;
        }
        _output.Enqueue(line);
        if (line.IndexOf(" is ready on ", StringComparison.Ordinal) is > 0 and var at)
        {
            _ready.TrySetResult(new Uri(line[(at + " is ready on ".Length)..]));
        }
    }
}
