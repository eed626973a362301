namespace Notify.Functions.Ledger;

/// <summary>A delivery that waits for its time: written in one transaction with its decision, and taken away when it is released.</summary>
public sealed record ScheduledDelivery
{
    /// <summary>
    /// What is due sooner than this waits in its lane; a longer wait is kept in the ledger, where its rules are looked at again.
    /// </summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromMinutes(15);

    /// <summary>When to send.</summary>
    public required DateTimeOffset Due { get; init; }

    /// <summary>The delivery that waits.</summary>
    public required DeliveryId Delivery { get; init; }

    /// <summary>The event's own id.</summary>
    public required string EventId { get; init; }

    /// <summary>The tenant, if any.</summary>
    public string? Tenant { get; init; }

    /// <summary>The recipient as the producer named it.</summary>
    public required string Recipient { get; init; }

    /// <summary>The version that was read.</summary>
    public string? ETag { get; init; }

    /// <summary>
    /// Whether a decision is kept by a row rather than in a lane. By what the decision says alone, so that everybody agrees.
    /// </summary>
    public static bool Keeps(DecisionRow decision) =>
        decision.Decision is { Kind: DecisionKind.Defer, Due: { } due } && due - decision.At > Horizon;

    /// <summary>The item of a decision to defer.</summary>
    public static ScheduledDelivery From(DecisionRow decision) => new()
    {
        Due = decision.Decision.Due!.Value,
        Delivery = decision.Id,
        EventId = decision.EventId,
        Tenant = decision.Tenant,
        Recipient = decision.Recipient,
    };
}
