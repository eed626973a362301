using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Ledger;

namespace Notify.Functions.Digests;

/// <summary>Finds the partitions in which something is due and puts each on the queue. Finding one twice does no harm.</summary>
public sealed class DigestSchedule(DeliveryTable deliveries, IQueues queues, TimeProvider time)
{
    // A timer may fire a little early; what still comes in then has the next run.
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(1);

    /// <summary>Enqueues the partitions that have windows to close, deferred deliveries to release or digests to finish.</summary>
    /// <param name="openToo">Whether windows that are still open are closed as well, as when somebody runs the function by hand.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public async Task EnqueueDueAsync(bool openToo, CancellationToken cancellationToken)
    {
        var until = openToo ? DateTimeOffset.MaxValue.AddDays(-1) : time.GetUtcNow() + Early;
        foreach (var partition in KeyedHashes.Partitions)
        {
            if (await deliveries.DigestItemsAsync(partition, until, cancellationToken).AnyAsync(cancellationToken)
                || await deliveries.DueItemsAsync(partition, time.GetUtcNow() + ScheduledDelivery.Horizon, cancellationToken)
                    .AnyAsync(cancellationToken)
                || await deliveries.ClosedDigestsAsync(partition, cancellationToken).AnyAsync(cancellationToken))
            {
                await queues.SendAsync(DigestSettings.Queue, new CloseDigestsCommand(partition, until).Write(), TimeSpan.Zero,
                    cancellationToken);
            }
        }
    }
}
