using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Digests;

namespace Notify.Functions.Functions.Timers;

/// <summary>The digest timer.</summary>
public sealed class BuildDigestsFunction(DigestSchedule schedule, TimeProvider time)
{
    // A scheduled run has its own tick as "next"; a run by hand has one that is still to come.
    private static readonly TimeSpan ByHand = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Looks every five minutes what is due. Run by hand between two ticks, it closes the windows that are still open too.
    /// </summary>
    [Function("BuildDigests")]
    public Task BuildDigests([TimerTrigger(DigestSettings.Schedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        schedule.EnqueueDueAsync(
            openToo: timer.ScheduleStatus is { } status && status.Next.ToUniversalTime() > time.GetUtcNow().UtcDateTime + ByHand,
            cancellationToken);
}
