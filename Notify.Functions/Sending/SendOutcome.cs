using Notify.Functions.Ledger;

namespace Notify.Functions.Sending;

/// <summary>What became of one delivery at the provider.</summary>
/// <param name="Work">The delivery.</param>
/// <param name="Result">The provider's answer.</param>
/// <param name="Provider">The provider.</param>
public sealed record SendOutcome(SendWork Work, SendResult Result, string Provider)
{
    /// <summary>The span of the request, where there is one.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The providers before it that did not accept it in the same attempt, in order.</summary>
    public IReadOnlyList<FailedTry> Tried { get; init; } = [];
}
