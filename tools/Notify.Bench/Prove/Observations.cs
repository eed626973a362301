using Notify.Bench.World;
using Notify.Functions.Ledger;

namespace Notify.Bench.Prove;

/// <summary>What a run has left behind.</summary>
/// <param name="Produced">What was given to the service.</param>
/// <param name="Heads">The heads of the events by id.</param>
/// <param name="Deliveries">The ledger.</param>
/// <param name="Messages">What the providers accepted.</param>
/// <param name="Inbox">The deliveries that stand in inboxes.</param>
internal sealed record Observations(
    IReadOnlyList<Produced> Produced,
    IReadOnlyDictionary<string, EventRecord> Heads,
    IReadOnlyList<DeliveryRecord> Deliveries,
    IReadOnlyList<SandboxMessage> Messages,
    IReadOnlySet<string> Inbox)
{
    /// <summary>How many events were acknowledged and are not dispatched.</summary>
    public int Missing => Produced.Count(one => one.IsAcknowledged && !Heads.ContainsKey(one.AcknowledgedAs));

    /// <summary>How many deliveries are not final.</summary>
    public int Open => Deliveries.Count(one =>
        StatusRule.Apply(one.Decision, one.Attempts) is var status
        && (status == DeliveryStatus.Pending || (status == DeliveryStatus.Batched && one.Decision.Digest is null)));
}
