using System.Globalization;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Notify.LocalHost.Runtime.Catalog;

/// <summary>A function's retry attribute: repeats within one execution, counted in memory.</summary>
/// <param name="MaxRetries">How many repeats after the first try; -1 for ever.</param>
/// <param name="Minimum">The first wait.</param>
/// <param name="Maximum">The longest wait; the same as the first where it is fixed.</param>
internal sealed record TriggerRetryPolicy(int MaxRetries, TimeSpan Minimum, TimeSpan Maximum)
{
    /// <summary>The policy of a method's attribute, or <see langword="null"/> where it has none.</summary>
    public static TriggerRetryPolicy? Read(MethodInfo method) => method.GetCustomAttribute<RetryAttribute>() switch
    {
        FixedDelayRetryAttribute f => new TriggerRetryPolicy(f.MaxRetryCount, Interval(f.DelayInterval), Interval(f.DelayInterval)),
        ExponentialBackoffRetryAttribute e =>
            new TriggerRetryPolicy(e.MaxRetryCount, Interval(e.MinimumInterval), Interval(e.MaximumInterval)),
        _ => null,
    };

    /// <summary>
    /// The wait before a repeat, counted from 1: the minimum doubled each time, up to the maximum. Without the real one's jitter: a local
    /// host has no herd to spread out. <see langword="null"/> where there is no repeat any more.
    /// </summary>
    public TimeSpan? DelayBefore(int retry)
    {
        if (MaxRetries >= 0 && retry > MaxRetries)
        {
            return null;
        }
        var delay = Minimum * Math.Pow(2, Math.Min(retry - 1, 30));
        return delay < Maximum ? delay : Maximum;
    }

    private static TimeSpan Interval(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
