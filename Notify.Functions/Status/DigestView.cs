using Notify.Functions.Ledger;

namespace Notify.Functions.Status;

/// <summary>A digest as <c>GET /api/notifications/{digest's delivery id}</c> shows it.</summary>
public sealed record DigestView
{
    /// <summary>The digest's delivery id.</summary>
    public required string Id { get; init; }

    /// <summary><c>alert</c> where an alert is among its members, else <c>marketing</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Its priority.</summary>
    public required string Priority { get; init; }

    /// <summary>When it was put together.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its tenant, if any.</summary>
    public string? Tenant { get; init; }

    /// <summary>How many of the members are in which status.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    /// <summary>The one delivery that the digest is.</summary>
    public required IReadOnlyList<DeliveryView> Deliveries { get; init; }

    /// <summary>The deliveries that it took in, each with its event's id.</summary>
    public required IReadOnlyList<DeliveryView> Members { get; init; }
}
