using System.Diagnostics;
using System.Globalization;
using Notify.Functions.Infrastructure.Resilience;
using Notify.LocalHost.Runtime;

namespace Notify.LocalHost.FaultInjection;

/// <summary>Kills this process at one of the app's fault points, for real: no exception, no <c>finally</c>, no flush.</summary>
internal static class KillAt
{
    /// <summary>The environment variable: <c>NAME</c>, or <c>NAME:N</c> for the N-th time that the place is reached.</summary>
    public const string Variable = "NOTIFY_KILL_AT";

    /// <summary>Arms the place that the value names; nothing where there is no value.</summary>
    /// <exception cref="StartupException">There is no such place.</exception>
    public static void Arm(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }
        var (place, pass) = Read(value);
        var passes = 0;
        CrashPoint.Arm(reached =>
        {
            if (string.Equals(reached, place, StringComparison.Ordinal) && Interlocked.Increment(ref passes) == pass)
            {
                Die();
            }
        });
    }

    /// <summary>The environment of a process that is to arm itself so, by a startup hook of .NET; empty where there is no value.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(string? value)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!string.IsNullOrEmpty(value))
        {
            environment[Variable] = value;
            environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        }
        return environment;
    }

    private static (string Place, int Pass) Read(string value)
    {
        var parts = value.Split(':', 2);
        var pass = 1;
        return CrashPoint.All.Contains(parts[0], StringComparer.Ordinal)
            && (parts.Length == 1 || (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out pass) && pass > 0))
            ? (parts[0], pass)
            : throw new StartupException($"{Variable} is NAME or NAME:N, with a NAME of {string.Join(", ", CrashPoint.All)}.");
    }

    private static void Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        // The signal may take a moment, and whoever is here must not get any further. Nobody sees this wait end.
        self.WaitForExit();
    }
}
