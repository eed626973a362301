using System.Diagnostics;
using Notify.Functions.Hosting;
using Notify.Functions.Intake;

namespace Notify.Functions.Tests.Backends;

/// <summary>Waits for a backend that comes back.</summary>
internal static class Eventually
{
    /// <summary>Repeats the action while it meets faults of the infrastructure, up to a limit; returns how long that took.</summary>
    public static async Task<TimeSpan> SucceedsAsync(Func<Task> action, TimeSpan limit)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await action();
                return Stopwatch.GetElapsedTime(began);
            }
            catch (Exception fault) when ((Infrastructure.IsFault(fault) || fault is EventNotAcknowledgedException) && Stopwatch.GetElapsedTime(began) < limit)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
