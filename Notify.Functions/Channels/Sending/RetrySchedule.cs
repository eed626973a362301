using Notify.Functions.Events;

namespace Notify.Functions.Channels.Sending;

/// <summary>When a delivery that was not accepted is tried again, and when it is given up.</summary>
public static class RetrySchedule
{
    private static readonly TimeSpan[] Bulk =
        [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2)];

    // What is urgent is worth little later, so it is tried sooner and fewer times.
    private static readonly TimeSpan[] Urgent = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];

    // A queue message can wait for seven days at most, and what a day does not help, nothing does.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The pause after an attempt, or <see langword="null"/> where it was the last.</summary>
    /// <param name="priority">The event's priority.</param>
    /// <param name="attempt">The attempt that was not accepted, from 1.</param>
    /// <param name="retryAfter">What the provider asks for; not undercut, but for more than a day.</param>
    public static TimeSpan? After(Priority priority, int attempt, TimeSpan? retryAfter)
    {
        var pauses = priority.IsUrgent() ? Urgent : Bulk;
        if (attempt > pauses.Length)
        {
            return null;
        }
        var pause = retryAfter > pauses[attempt - 1] ? retryAfter.Value : pauses[attempt - 1];
        return pause < Longest ? pause : Longest;
    }
}
