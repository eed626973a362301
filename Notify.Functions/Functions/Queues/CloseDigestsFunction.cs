using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Digests;
using Notify.Functions.Infrastructure.Storage;

namespace Notify.Functions.Functions.Queues;

/// <summary>The queue of partitions whose digests are to be closed.</summary>
public sealed class CloseDigestsFunction(DigestBuilder closer, ScheduledDeliveryReleaser release)
{
    /// <summary>Releases the deferred deliveries of one partition and closes its windows.</summary>
    [Function("CloseDigests")]
    public async Task CloseDigests(
        [QueueTrigger(DigestSettings.Queue, Connection = StorageSettings.Connection)] string message, CancellationToken cancellationToken)
    {
        var order = CloseDigestsCommand.Read(message);
        await release.ReleaseAsync(order.Partition, cancellationToken);
        await closer.CloseAsync(order, cancellationToken);
    }
}
