using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Digests;
using Notify.Functions.Infrastructure.Storage;

namespace Notify.Functions.Functions.Timers;

/// <summary>The digest timer and the closing of partitions: they bind and delegate.</summary>
public sealed class DigestFunctions(DigestSchedule schedule, DigestCloser closer, DueRelease release, TimeProvider time)
{
    // A scheduled run has its own tick as "next"; a run by hand has one that is still to come.
    private static readonly TimeSpan ByHand = TimeSpan.FromSeconds(5);

    /// <summary>Looks every five minutes what is due. Run by hand between two ticks, it closes the windows that are still open too.</summary>
    [Function("BuildDigests")]
    public Task BuildDigests([TimerTrigger(DigestSettings.Schedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        schedule.EnqueueDueAsync(
            openToo: timer.ScheduleStatus is { } status && status.Next.ToUniversalTime() > time.GetUtcNow().UtcDateTime + ByHand, cancellationToken);

    /// <summary>Releases the deferred deliveries of one partition and closes its windows.</summary>
    [Function("CloseDigests")]
    public async Task CloseDigests(
        [QueueTrigger(DigestSettings.Queue, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken)
    {
        var order = DigestOrder.Read(message);
        await release.ReleaseAsync(order.Partition, cancellationToken);
        await closer.CloseAsync(order, cancellationToken);
    }
}
