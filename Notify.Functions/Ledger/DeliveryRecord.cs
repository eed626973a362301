namespace Notify.Functions.Ledger;

/// <summary>Everything recorded about one delivery.</summary>
/// <param name="Decision">What was decided.</param>
/// <param name="Attempts">The attempts to send it.</param>
public sealed record DeliveryRecord(DecisionRow Decision, IReadOnlyList<AttemptRow> Attempts);
