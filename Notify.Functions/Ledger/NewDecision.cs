namespace Notify.Functions.Ledger;

/// <summary>A decision to insert, with what waits because of it: all or nothing.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Item">What waits for a digest, where it does.</param>
/// <param name="Due">What waits for its time, where it does.</param>
public sealed record NewDecision(DecisionRow Decision, DigestItem? Item = null, ScheduledDelivery? Due = null);
