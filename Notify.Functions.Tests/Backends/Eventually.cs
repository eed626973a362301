using System.Diagnostics;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Backends;

/// <summary>Waits for a backend that comes back.</summary>
internal static class Eventually
{
    /// <summary>Repeats the action while it meets faults of the infrastructure.</summary>
    public static async Task SucceedsAsync(Func<Task> action)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await action();
                return;
            }
            catch (Exception fault) when ((TransientFaults.IsFault(fault) || fault is EventNotAcknowledgedException)
                && Stopwatch.GetElapsedTime(began) < Patience.Limit)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
