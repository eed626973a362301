using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// Finds what is to be sent again of events that were cancelled while an attempt was on its way: too late for that attempt, but not for
/// the next. First attempts need no look: their cancellation has written their row.
/// </summary>
public sealed class CancellationCheck(EventHeads events, DeliveryCancellation deliveries, TransientFaultRetry retry)
{
    /// <summary>The deliveries that are still to be sent; the others are cancelled now.</summary>
    public async Task<IReadOnlyList<SendWork>> LeaveOutAsync(IReadOnlyList<SendWork> chunk, CancellationToken cancellationToken)
    {
        var cancelled = new HashSet<SendWork>(ReferenceEqualityComparer.Instance);
        foreach (var same in chunk.Where(work => work.Attempt.Number > 1)
            .GroupBy(work => work.Attempt.Delivery.EventHash, StringComparer.Ordinal))
        {
            var notification = same.First().Event;
            var head = await retry.RunAsync(
                token => events.FindAsync(notification.Tenant, notification.Id, token), cancellationToken);
            if (head?.CancelledAt is null)
            {
                continue;
            }
            foreach (var work in same)
            {
                // What was sent after all, or is claimed by another sender, is not cancelled and goes the usual way.
                var result = await retry.RunAsync(
                    token => deliveries.CancelAsync(head.Event, work.Delivery.Recipient, work.Attempt.Delivery, token), cancellationToken);
                if (result.Cancelled)
                {
                    cancelled.Add(work);
                }
            }
        }
        return cancelled.Count == 0 ? chunk : [.. chunk.Where(work => !cancelled.Contains(work))];
    }
}
