using Microsoft.Extensions.Options;
using Notify.Functions.Contract;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>When a delivery that was not accepted is tried again, and when it is given up.</summary>
public sealed class RetrySchedule(IOptions<SendingOptions> options)
{
    // A queue message can wait for seven days at most, and what a day does not help, nothing does.
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly IReadOnlyList<TimeSpan> _bulk = SendingOptions.Pauses(options.Value.RetryBulk) ?? [];
    private readonly IReadOnlyList<TimeSpan> _urgent = SendingOptions.Pauses(options.Value.RetryUrgent) ?? [];

    /// <summary>The pause after an attempt, or <see langword="null"/> where it was the last.</summary>
    /// <param name="priority">The event's priority.</param>
    /// <param name="attempt">The attempt that was not accepted, from 1.</param>
    /// <param name="retryAfter">What the provider asks for; not undercut, but for more than a day.</param>
    public TimeSpan? After(Priority priority, int attempt, TimeSpan? retryAfter)
    {
        var pauses = priority.IsUrgent() ? _urgent : _bulk;
        if (attempt > pauses.Count)
        {
            return null;
        }
        var pause = retryAfter > pauses[attempt - 1] ? retryAfter.Value : pauses[attempt - 1];
        return pause < Longest ? pause : Longest;
    }
}
