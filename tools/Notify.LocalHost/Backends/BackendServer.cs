using System.Diagnostics;
using Notify.LocalHost.Processes;

namespace Notify.LocalHost.Backends;

/// <summary>A backend that was started for this process alone, on free ports. Can be stopped and started again, and be frozen.</summary>
internal abstract class BackendServer : IAsyncDisposable
{
    // It takes a second or two; a machine that is busy with much else needs a minute.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly string _folder;
    private readonly string _name;
    private GuardedProcess? _process;

    private protected BackendServer(string folder, string name) => (_folder, _name) = (folder, name);

    /// <summary>Where the app finds it, as it stands in the settings.</summary>
    public abstract string Address { get; }

    /// <summary>Starts it, again on the ports it had before, and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It ended, three times, or did not answer within three minutes; the message has the end
    /// of its output.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            _process = GuardedProcess.Start(_folder, _name, Command(_folder));
            if (await IsReadyAsync(_process, cancellationToken))
            {
                return;
            }
            // One that ended may have found its port taken, where no guard keeps it.
            var isOver = tries == 3 || !_process.HasExited;
            var output = await _process.OutputAsync(cancellationToken);
            await StopAsync();
            if (isOver)
            {
                throw new InvalidOperationException($"{_name} did not start: …{output[^Math.Min(output.Length, 500)..]}");
            }
        }
    }

    /// <summary>Stops it, as a shutdown does.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>Freezes it: connections stay, and nothing is answered.</summary>
    public Task FreezeAsync() => _process?.SignalAsync("STOP") ?? Task.CompletedTask;

    /// <summary>Lets it go on.</summary>
    public Task ThawAsync() => _process?.SignalAsync("CONT") ?? Task.CompletedTask;

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract IEnumerable<string> Command(string folder);

    /// <summary>Whether it answers, judged by what it has printed or by asking it.</summary>
    private protected abstract Task<bool> AnswersAsync(string output, CancellationToken cancellationToken);

    private async Task<bool> IsReadyAsync(GuardedProcess process, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (!process.HasExited && Stopwatch.GetElapsedTime(began) < StartLimit)
        {
            if (await AnswersAsync(await process.OutputAsync(cancellationToken), cancellationToken))
            {
                return true;
            }
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }
        return false;
    }
}
