using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Dispatch.Decisions;

/// <summary>Decides deliveries, writes the decisions to the ledger and enqueues what is to be sent.</summary>
public sealed class DeliveryDecider(
    DecisionDrafts decisionDrafts, DeliveryTable deliveries, EnvelopeQueue envelopes, NotifyMetrics metrics, TimeProvider time)
{
    // An erasure goes through the ledger at once, and once more after a quarter of an hour: what is written sooner is found.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>
    /// First the ledger, then the queues. Repeating it changes no decision and enqueues only what was never tried. Returns the decisions
    /// that stand.
    /// </summary>
    public async Task<IReadOnlyList<Decision>> WriteAsync(IReadOnlyList<DispatchTarget> targets, CancellationToken cancellationToken)
    {
        var read = new Lease(time, Fresh);
        var drafts = await decisionDrafts.DraftAsync(targets, time.GetUtcNow(), cancellationToken);
        var existing = await deliveries.InsertDecisionsAsync(drafts.Select(draft => draft.New), cancellationToken);
        CrashPoint.Hit(CrashPoint.AfterDecisions);
        // Stopped, or held up, now or when it was written first: who was erased since must not be named again. What is sent is asked for by
        // the sender.
        var since = read.IsOver
            ? await decisionDrafts.DraftAsync(targets, time.GetUtcNow(), cancellationToken)
                : drafts.Where(draft => existing.ContainsKey(draft.Row.Id));
        await deliveries.AnonymizeAsync(since.Select(draft => draft.Row).Where(row => ErasedIds.TryRead(row.Recipient, out _))
            .Select(row => row.Id), cancellationToken);
        var decisions = new List<Decision>(drafts.Count);
        var outgoing = new List<OutgoingDelivery>();
        foreach (var draft in drafts)
        {
            var isFirst = !existing.TryGetValue(draft.Row.Id, out var first);
            var stands = first ?? draft.Row;
            decisions.Add(stands.Decision);
            if (isFirst)
            {
                metrics.Decided(stands);
            }
            if (stands.Decision.Kind is DecisionKind.Send or DecisionKind.Defer && !ScheduledDelivery.Keeps(stands)
                && (isFirst || !await deliveries.HasAttemptAsync(stands.Id, cancellationToken)))
            {
                var due = stands.Decision.Due;
                var delivery = new EnvelopeDelivery(stands.Id.ToString(), Attempt: 1, stands.Recipient, draft.Addresses) { Due = due };
                outgoing.Add(new OutgoingDelivery(draft.Event, delivery, PauseUntil(due)));
            }
        }
        await envelopes.EnqueueAsync(outgoing, cancellationToken);
        return decisions;
    }

    /// <summary>What would be decided at a moment, by the rules and recipients of now. Writes nothing.</summary>
    public async Task<IReadOnlyList<DecisionRow>> PreviewAsync(
        IReadOnlyList<DispatchTarget> targets, DateTimeOffset at, CancellationToken cancellationToken) =>
        [.. (await decisionDrafts.DraftAsync(targets, at, cancellationToken)).Select(draft => draft.Row)];

    // Whole seconds, so that deliveries that are due together travel together.
    private TimeSpan PauseUntil(DateTimeOffset? due) =>
        due - time.GetUtcNow() is { } pause && pause > TimeSpan.Zero
            ? TimeSpan.FromSeconds(Math.Ceiling(pause.TotalSeconds)) : TimeSpan.Zero;
}
