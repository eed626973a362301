using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;

namespace Notify.Functions.Digests;

/// <summary>Sends the queue messages of closed digests. A digest and its outbox row are written in one transaction.</summary>
public sealed class DigestOutbox(DeliveryTable deliveries, IQueues queues)
{
    /// <summary>
    /// Sends the messages of a partition's closed digests, and deletes their outbox rows. A repeated message changes nothing.
    /// </summary>
    public async Task SendAsync(string partition, CancellationToken cancellationToken)
    {
        await foreach (var closed in deliveries.ClosedDigestsAsync(partition, cancellationToken))
        {
            if (await deliveries.FindDecisionAsync(closed.Digest, cancellationToken) is { } digest)
            {
                await deliveries.JoinDigestAsync(digest, cancellationToken);
                // An older version closed digests that were not to be sent, too.
                if (digest.Decision.Kind == DecisionKind.Send)
                {
                    await queues.SendAsync(closed.Queue, closed.Message, TimeSpan.Zero, cancellationToken);
                    CrashPoint.Hit(CrashPoint.AfterDigestEnqueue);
                }
            }
            await deliveries.DeleteClosedDigestAsync(closed, cancellationToken);
        }
    }
}
