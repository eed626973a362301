namespace Notify.Functions.Ledger;

/// <summary>A decision and the rule behind it.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Reason">The rule's name, for people and filters, such as <c>no_address</c>.</param>
/// <param name="Due">For <see cref="DecisionKind.Batch"/> the end of the digest's window, for <see cref="DecisionKind.Defer"/> when to
/// send.</param>
public sealed record Decision(DecisionKind Kind, string Reason, DateTimeOffset? Due = null)
{
    /// <summary>Send now.</summary>
    public static Decision Send { get; } = new(DecisionKind.Send, DeliveryReasons.Send);

    /// <summary>Do not send: it was withdrawn before.</summary>
    public static Decision Cancel { get; } = new(DecisionKind.Cancel, DeliveryReasons.Cancelled);
}
