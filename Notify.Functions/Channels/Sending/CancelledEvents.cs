using Notify.Functions.Delivery;
using Notify.Functions.Hosting;

namespace Notify.Functions.Channels.Sending;

/// <summary>
/// Finds what is to be sent again of events that were cancelled while an attempt was on its way: too late for that attempt, but not for
/// the next. First attempts need no look: their cancellation has written their row.
/// </summary>
public sealed class CancelledEvents(Ledger ledger, PatientPipeline patient)
{
    /// <summary>Those deliveries whose whole event is cancelled.</summary>
    public async Task<IReadOnlyList<SendWork>> AmongAsync(IReadOnlyList<SendWork> chunk, CancellationToken cancellationToken)
    {
        var cancelled = new List<SendWork>();
        foreach (var same in chunk.Where(work => work.Attempt.Number > 1).GroupBy(work => work.Attempt.Delivery.EventHash, StringComparer.Ordinal))
        {
            var notification = same.First().Event;
            var head = await patient.RunAsync(
                token => ledger.FindHeadAsync(notification.Tenant, notification.Id, token), cancellationToken).ConfigureAwait(false);
            if (head?.CancelledAt is not null)
            {
                cancelled.AddRange(same);
            }
        }
        return cancelled;
    }
}
