using Notify.Functions.Contract;

namespace Notify.Functions.Ledger;

/// <summary>What was decided for a delivery. Inserted once; the first decision stands.</summary>
public sealed record DecisionRow
{
    /// <summary>The delivery, and the row's key.</summary>
    public required DeliveryId Id { get; init; }

    /// <summary>The event's own id.</summary>
    public required string EventId { get; init; }

    /// <summary>The tenant, if any.</summary>
    public string? Tenant { get; init; }

    /// <summary>The recipient as the producer named it.</summary>
    public required string Recipient { get; init; }

    /// <summary>The event's priority.</summary>
    public required Priority Priority { get; init; }

    /// <summary>The event's type.</summary>
    public required EventType Type { get; init; }

    /// <summary>What was decided.</summary>
    public required Decision Decision { get; init; }

    /// <summary>When, by the dispatcher's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The delivery id of the digest that took it in, once it has.</summary>
    public string? Digest { get; init; }

    /// <summary>For a digest's own row: the delivery ids of its members, separated by spaces.</summary>
    public string? Members { get; init; }
}
