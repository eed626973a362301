namespace Notify.Functions.Ledger;

/// <summary>One delivery, with everything that is known of it.</summary>
public sealed record DeliveryView
{
    /// <summary>The delivery id.</summary>
    public required string Id { get; init; }

    /// <summary>The event's id, where deliveries of several events are shown.</summary>
    public string? EventId { get; init; }

    /// <summary>The recipient as the producer named it.</summary>
    public required string Recipient { get; init; }

    /// <summary>The channel.</summary>
    public required string Channel { get; init; }

    /// <summary>The status, in lower case.</summary>
    public required string Status { get; init; }

    /// <summary>Why it has this status.</summary>
    public required string Reason { get; init; }

    /// <summary>The provider of the latest attempt.</summary>
    public string? Provider { get; init; }

    /// <summary>The provider's message id of the latest attempt.</summary>
    public string? ProviderMessageId { get; init; }

    /// <summary>How many attempts there were.</summary>
    public required int Attempts { get; init; }

    /// <summary>The delivery id of the digest it is part of; <c>GET /api/notifications/{id}</c> answers for it.</summary>
    public string? Digest { get; init; }

    /// <summary>When it goes on, where it waits: for its time, its digest's window or its next attempt.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>When the status came about.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened, in order of time.</summary>
    public required IReadOnlyList<TimelineEntry> Timeline { get; init; }
}

/// <summary>One thing that happened to a delivery.</summary>
/// <param name="At">When.</param>
/// <param name="Fact"><c>decided</c>, <c>gathered</c> (into a digest), <c>claimed</c>, <c>failed_over</c>, <c>sent</c>, <c>retry</c>,
/// <c>unknown</c>, <c>failed</c>, <c>delivered</c> and so on.</param>
/// <param name="Attempt">The attempt it belongs to; absent for decisions.</param>
/// <param name="Provider">The provider.</param>
/// <param name="Detail">The reason or code.</param>
public sealed record TimelineEntry(DateTimeOffset At, string Fact, int? Attempt = null, string? Provider = null, string? Detail = null);
