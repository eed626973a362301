namespace Notify.Functions.Ledger;

/// <summary>
/// A digest that is decided and not enqueued yet: kept by a row that is written in the transaction that closes the group.
/// </summary>
/// <param name="Digest">The digest's own delivery.</param>
/// <param name="Queue">Where it is to be enqueued.</param>
/// <param name="Message">The message to enqueue.</param>
public sealed record ClosedDigest(DeliveryId Digest, string Queue, string Message);
