using Notify.Functions.Ledger;

namespace Notify.Functions.Cancellation;

/// <summary>What a cancellation brought, as <c>DELETE /api/notifications/{id}</c> shows it.</summary>
public sealed record CancellationView
{
    /// <summary>The event's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its tenant, if any.</summary>
    public string? Tenant { get; init; }

    /// <summary>When the whole event was cancelled; absent where only a part was.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>Whether the event was dispatched before; where not, dispatch will decide what was cancelled as cancelled.</summary>
    public required bool Dispatched { get; init; }

    /// <summary>How many of the deliveries are cancelled.</summary>
    public required int Cancelled { get; init; }

    /// <summary>How many of them came to something else before.</summary>
    public required int TooLate { get; init; }

    /// <summary>
    /// The topics whose subscribers' deliveries are being cancelled in the background; their events show what became of them.
    /// </summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Every delivery that was to be cancelled.</summary>
    public required IReadOnlyList<CancelledDelivery> Deliveries { get; init; }
}
