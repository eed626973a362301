using System.Globalization;
using Notify.Bench.World;
using Notify.LocalHost.FaultInjection;

namespace Notify.Bench.Prove;

/// <summary>One process that is started again whenever it has ended, until the run is over.</summary>
internal sealed class RoleProcess(ProveWorld world, ProcessRole processRole, Counters counters, Random random, ProveOptions options)
{
    private readonly Lock _gate = new();
    private HostProcess? _host;
    private int _port;
    private bool _dieByItself;
    private TimeSpan _running;

    public ProcessRole Role => processRole;

    /// <summary>Where it listens, while it does.</summary>
    public Uri? Address
    {
        get
        {
            lock (_gate)
            {
                return _host?.Address;
            }
        }
    }

    /// <summary>How wrong its clock is, from its next start on.</summary>
    public TimeSpan Offset { get; set; }

    /// <summary>Starts it anew with another clock, and returns when it runs so.</summary>
    public async Task RestartAsync(TimeSpan offset)
    {
        Offset = offset;
        while (true)
        {
            lock (_gate)
            {
                if (_host is not null && _running == offset)
                {
                    return;
                }
            }
            await KillAsync(thenByItself: false);
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>SIGKILL, and the next one is to die by itself at a place between two writes, where that is asked for.</summary>
    public async Task KillAsync(bool thenByItself)
    {
        HostProcess? host;
        lock (_gate)
        {
            (host, _dieByItself) = (_host, thenByItself);
        }
        if (host is { HasExited: false })
        {
            counters.Kill(processRole);
            await host.KillAsync();
        }
    }

    /// <summary>SIGSTOP, and SIGCONT after a while: it goes on where it was, and does not know.</summary>
    public async Task PauseAsync(TimeSpan length)
    {
        HostProcess? host;
        lock (_gate)
        {
            host = _host;
        }
        if (host is { HasExited: false })
        {
            counters.Pause(processRole);
            await host.SignalAsync("STOP");
            await Task.Delay(length, TimeProvider.System, CancellationToken.None);
            await host.SignalAsync("CONT");
        }
    }

    /// <summary>Keeps it running.</summary>
    /// <exception cref="InvalidOperationException">It does not start the first time, while nothing is wrong yet.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await LiveAsync(stop);
            }
            catch (InvalidOperationException) when (_port != 0)
            {
                // A backend was away when it started; as a platform does, it is started again.
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private CrashPlan? NextDeath()
    {
        lock (_gate)
        {
            if (!_dieByItself)
            {
                return null;
            }
            _dieByItself = false;
            return CrashPlan.Next(processRole, counters.Places, random);
        }
    }

    private async Task LiveAsync(CancellationToken stop)
    {
        var settings = new Dictionary<string, string>(ProveWorld.Settings, StringComparer.Ordinal);
        foreach (var channel in new[] { "email", "sms", "push" })
        {
            settings[$"Notify__Channels__{channel}__RateLimit"] = options.Limit.ToString(CultureInfo.InvariantCulture);
        }
        var crashPlan = NextDeath();
        var offset = Offset;
        if (crashPlan is not null)
        {
            settings[KillAt.Variable] = FormattableString.Invariant($"{crashPlan.Place}:{crashPlan.Pass}");
            offset = crashPlan.NeedsClockAhead ? options.Ahead : offset;
        }
        // Right ones too: their times say whose they are.
        settings["Notify__LocalHost__ClockOffset"] = offset.ToString("c", CultureInfo.InvariantCulture);
        if (options.Break is { } broken)
        {
            settings[GuardRemoval.Variable] = broken;
        }
        // On the same port: providers go on reporting there.
        var host = await HostProcess.StartAsync([.. world.Arguments(processRole, _port), "--functions", processRole.Functions], settings);
        _port = host.Address.Port;
        lock (_gate)
        {
            (_host, _running) = (host, offset);
        }
        try
        {
            await host.WaitForExitAsync(stop);
            // Killed from outside is counted there.
            if (counters.EndedByItself(processRole) && crashPlan is not null)
            {
                counters.DiedAt(processRole, crashPlan.Place);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
        finally
        {
            lock (_gate)
            {
                _host = null;
            }
            await host.DisposeAsync();
        }
    }
}
