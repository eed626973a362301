using System.Text.RegularExpressions;
using Notify.LocalHost.Processes;
using Notify.LocalHost.Runtime;

namespace Notify.LocalHost.Hosting;

/// <summary>
/// This program once more, with the provider sandbox alone, on a free port; it ends with this process, however that ends.
/// </summary>
internal sealed partial class SandboxProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly BackendFolder _folder;
    private readonly GuardedProcess _process;

    private SandboxProcess(BackendFolder folder, GuardedProcess process) => (_folder, _process) = (folder, process);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <exception cref="StartupException">It cannot be started, or ended again.</exception>
    public static async Task<SandboxProcess> StartAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new StartupException(
                "--sandbox own works on Linux and macOS only: start one with --sandbox-only, and use it with --sandbox URL.");
        }
        var folder = BackendFolder.Create();
        var sandbox = new SandboxProcess(folder,
            GuardedProcess.Start(folder.Path, "sandbox", [.. OwnProgram.Command(), "--sandbox-only", "--port", "0"]));
        try
        {
            await sandbox.ReadyAsync(cancellationToken);
            return sandbox;
        }
        catch
        {
            await sandbox.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (!_process.HasExited && await Wait.ForAsync(Look, TimeProvider.System, limit.Token))
        {
            if (Ready().Match(await _process.OutputAsync(cancellationToken)) is { Success: true } ready)
            {
                Address = new Uri(ready.Groups["url"].Value);
                return;
            }
        }
        cancellationToken.ThrowIfCancellationRequested();
        var output = await _process.OutputAsync(cancellationToken);
        throw new StartupException($"The provider sandbox did not start: …{output[^Math.Min(output.Length, 500)..]}");
    }

    [GeneratedRegex(@"^Sandbox is ready on (?<url>\S+)\r?$", RegexOptions.CultureInvariant | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ready();
}
