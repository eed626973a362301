using System.Diagnostics;
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
        await using var process = GuardedProcess.Start(_folder.FullName, "echo", ["sh", "-c", "echo ready; echo fault >&2; exec sleep 600"]);
        await Patience.UntilAsync(() => process.OutputAsync(CancellationToken.None), printed => printed.Contains("fault", StringComparison.Ordinal), printed => printed);

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

    [SkippableFact]
    public async Task Shows_that_it_has_ended_by_itself()
    {
        Skip.If(OperatingSystem.IsWindows(), "It is started by a POSIX shell.");
        await using var process = GuardedProcess.Start(_folder.FullName, "false", ["false"]);

        await Patience.UntilAsync(() => Task.FromResult(process.HasExited));
    }
}
