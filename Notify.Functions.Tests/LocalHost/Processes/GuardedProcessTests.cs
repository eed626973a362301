using System.Diagnostics;
using System.Globalization;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Processes;

namespace Notify.Functions.Tests.LocalHost.Processes;

public sealed class GuardedProcessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("guarded-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public async Task Keeps_what_it_prints_and_ends_when_asked()
    {
        Skip.If(OperatingSystem.IsWindows(), "It is started by a POSIX shell.");
        await using var process = GuardedProcess.Start(_folder.FullName, "echo",
            ["sh", "-c", "echo ready; echo fault >&2; exec sleep 600"]);
        await Patience.UntilAsync(() => process.OutputAsync(CancellationToken.None), printed =>
            printed.Contains("fault", StringComparison.Ordinal), printed => printed);

        Assert.False(process.HasExited);
        Assert.Contains("ready", await process.OutputAsync(CancellationToken.None), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Ends_when_the_process_that_started_it_is_gone()
    {
        Skip.If(OperatingSystem.IsWindows(), "It is started by a POSIX shell.");
        using var process = Process.Start(GuardedProcess.StartInfo(_folder.FullName, "sleep", ["sleep", "600"]))!;
        Assert.False(process.WaitForExit(TimeSpan.FromMilliseconds(500)));

        // A process that dies, however it dies, loses its end of the pipe.
        process.StandardInput.Close();

        await process.WaitForExitAsync().WaitAsync(Patience.Limit);
    }

    /// <summary>A terminal, or who stops a session, signals all processes of a group: the host's watchers are among them.</summary>
    [SkippableTheory]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Ends_with_the_process_that_started_it_though_the_watcher_was_signalled(string signal)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "It looks into /proc.");
        using var process = Process.Start(GuardedProcess.StartInfo(_folder.FullName, "sleep", ["sleep", "600"]))!;
        await Patience.UntilAsync(() => Task.FromResult(ChildrenOf(process.Id) is { Length: > 0 } watchers && watchers.All(IgnoresTerm)));
        foreach (var child in ChildrenOf(process.Id))
        {
            using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {child}"]);
            await kill.WaitForExitAsync();
        }
        Assert.False(process.WaitForExit(TimeSpan.FromMilliseconds(500)));

        process.StandardInput.Close();

        await process.WaitForExitAsync().WaitAsync(Patience.Limit);
    }

    private static string[] ChildrenOf(int id)
    {
        using var list = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", $"ps -o pid= --ppid {id}"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        return list.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    // SIGTERM is number 15.
    private static bool IgnoresTerm(string id) =>
        File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var line
        && (ulong.Parse(line.AsSpan("SigIgn:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << 14)) != 0;

    [SkippableFact]
    public async Task Shows_that_it_has_ended_by_itself()
    {
        Skip.If(OperatingSystem.IsWindows(), "It is started by a POSIX shell.");
        await using var process = GuardedProcess.Start(_folder.FullName, "false", ["false"]);

        await Patience.UntilAsync(() => Task.FromResult(process.HasExited));
    }
}
