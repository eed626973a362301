using System.Diagnostics;
using System.Globalization;

namespace Notify.LocalHost.Processes;

/// <summary>
/// A server as a process of its own that ends with this one, also where this one is killed: a watcher beside it reads from a pipe whose
/// other end only this process holds, and kills the server when the pipe breaks.
/// </summary>
internal sealed class GuardedProcess : IAsyncDisposable
{
    // The server takes the shell's place (exec), so that its id and its exit are the process's own. The watcher compares the start time,
    // lest it kill a stranger that was given the same id after the server's end. In a session of its own (where setsid is there) the
    // server does not hear the terminal's Ctrl-C: it has to outlive the host's drain. The watcher hears no signal that ends the host and
    // all beside it: it has to outlive the host.
    private const string Script = """
        log="$1"; shift
        born() { cut -d' ' -f22 "/proc/$$/stat" 2>/dev/null; }
        start="$(born)"
        exec 3<&0
        ( trap '' HUP INT TERM; while read -r _ <&3; do :; done; [ "$(born)" = "$start" ] && kill -KILL $$ ) >/dev/null 2>&1 &
        exec $(command -v setsid) "$@" 3<&- </dev/null >>"$log" 2>&1
        """;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private readonly Process _process;
    private readonly string _log;

    private GuardedProcess(Process process, string log) => (_process, _log) = (process, log);

    /// <summary>Whether it has ended by itself or was stopped.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a server in a folder; what it prints goes into <c>NAME.log</c> there.</summary>
    public static GuardedProcess Start(
        string folder, string name, IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var log = LogOf(folder, name);
        File.WriteAllText(log, "");
        var start = StartInfo(folder, name, command);
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start.");
        return new GuardedProcess(process, log);
    }

    /// <summary>How to start it: under the watcher's eyes, its standard input being the pipe to break.</summary>
    internal static ProcessStartInfo StartInfo(string folder, string name, IEnumerable<string> command)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = folder, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (IEnumerable<string>)["-c", Script, "sh", LogOf(folder, name), .. command])
        {
            start.ArgumentList.Add(argument);
        }
        return start;
    }

    /// <summary>Waits until it has ended, or the token ends the waiting.</summary>
    public Task ExitedAsync(CancellationToken cancellationToken) =>
        _process.WaitForExitAsync(cancellationToken)
            .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    /// <summary>What it has printed so far.</summary>
    public async Task<string> OutputAsync(CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Sends a signal: <c>TERM</c>, <c>KILL</c>, <c>STOP</c> to freeze it, <c>CONT</c> to let it go on.</summary>
    public async Task SignalAsync(string signal)
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {_process.Id.ToString(CultureInfo.InvariantCulture)}"]);
            await kill.WaitForExitAsync();
        }
    }

    /// <summary>Asks it to end, and kills it where it does not within ten seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await SignalAsync("CONT");
        await SignalAsync("TERM");
        try
        {
            await _process.WaitForExitAsync().WaitAsync(StopLimit);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.StandardInput.Close();
        _process.Dispose();
    }

    private static string LogOf(string folder, string name) => Path.Combine(folder, name + ".log");
}
