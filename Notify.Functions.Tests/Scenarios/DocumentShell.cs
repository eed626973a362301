using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>
/// Runs blocks as somebody does who pastes them into a shell in the root of the repository, and takes what they start away again.
/// </summary>
internal sealed partial class DocumentShell : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-docs-").FullName;
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly List<(Process Process, StringBuilder Output, bool IsKept)> _running = [];

    public DocumentShell()
    {
        // An answer that is no success is a failure here.
        File.WriteAllText(Path.Combine(_folder, ".curlrc"), "fail-with-body\nsilent\nshow-error\n");
        _environment["CURL_HOME"] = _folder;
        // A host on the address that the documents name.
        _environment["URL"] = "http://localhost:7071";
        _environment["KEY"] = "none-is-asked-for";
    }

    /// <summary>
    /// Runs a block until it has ended well, or all that it starts is ready. What has to wait for something, such as an event to be
    /// decided, is tried again.
    /// </summary>
    public async Task RunAsync(DocumentBlock block)
    {
        if (block.RunsHosts)
        {
            await StopAsync(all: false);
        }
        if (block.Servers > 0)
        {
            await StartAsync(block);
            return;
        }
        var seen = "";
        await Patience.UntilAsync(
            async () =>
            {
                var (exitCode, output) = await EndAsync(block);
                seen = $"{block}\nexit code {exitCode}\n{output}";
                return exitCode == 0;
            },
            () => seen);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(all: true);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(DocumentBlock block)
    {
        var (process, output) = Start(block);
        _running.Add((process, output, block.Commands.Contains("--up", StringComparison.Ordinal)));
        string Seen()
        {
            lock (output)
            {
                return output.ToString();
            }
        }
        await Patience.UntilAsync(
            () =>
            {
                Assert.False(process.HasExited, $"{block}\n{Seen()}");
                return Task.FromResult(Ready().Count(Seen()) >= block.Servers);
            },
            Seen);
        foreach (Match setting in Exported().Matches(Seen()))
        {
            _environment[setting.Groups["name"].Value] = setting.Groups["value"].Value.Trim('\'');
        }
    }

    private async Task<(int ExitCode, string Output)> EndAsync(DocumentBlock block)
    {
        var (process, output) = Start(block);
        using (process)
        {
            using var patience = new CancellationTokenSource(Patience.Limit);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, output.ToString());
        }
    }

    // A session of its own, so that a signal reaches all that it has started.
    private (Process Process, StringBuilder Output) Start(DocumentBlock block)
    {
        var start = new ProcessStartInfo("setsid", ["bash", "-euo", "pipefail", "-c", block.Commands])
        {
            WorkingDirectory = RepositoryRoot.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // Of the build that runs the tests.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }
        var output = new StringBuilder();
        var process = new Process { StartInfo = start };
        void Keep(string? line)
        {
            lock (output)
            {
                output.Append(line).Append('\n');
            }
        }
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return (process, output);
    }

    private async Task StopAsync(bool all)
    {
        foreach (var one in _running.Where(one => all || !one.IsKept).ToList())
        {
            using var patience = new CancellationTokenSource(Patience.Limit);
            using (var kill = Process.Start("kill", ["-TERM", "--", $"-{one.Process.Id}"]))
            {
                await kill.WaitForExitAsync(patience.Token);
            }
            await one.Process.WaitForExitAsync(patience.Token);
            one.Process.Dispose();
            _running.Remove(one);
        }
    }

    [GeneratedRegex("^(Notify|Sandbox) is ready on ", RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Ready();

    [GeneratedRegex(@"(?<=^ *export .*)(?<name>\w+)=(?<value>'[^'\n]*'|[^ \n']+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Exported();
}
