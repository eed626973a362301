using Notify.Functions.Ledger;

namespace Notify.Functions.Sending;

/// <summary>An attempt with the facts that were recorded.</summary>
public sealed record RecordedAttempt(SendWork Work, AttemptRow Row);
