using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Notify.LocalHost.Hosting;

/// <summary>
/// Ctrl-C and SIGTERM, in the place of the framework's own handling: that one announces the shutdown before the drain, and whatever listens
/// to the announcement would be gone while work in hand still needs it. A second signal ends the process at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() =>
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT }.Select(s => PosixSignalRegistration.Create(s, Handle))];

    /// <summary>Completes with the first signal.</summary>
    public Task Asked => _asked.Task;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Handle(PosixSignalContext context) => context.Cancel = _asked.TrySetResult();

    /// <summary>A lifetime that leaves signals alone.</summary>
    internal sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
