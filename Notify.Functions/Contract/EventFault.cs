namespace Notify.Functions.Contract;

/// <summary>One thing that is wrong with an event.</summary>
/// <param name="Field">The field as the producer wrote it, such as <c>recipients[3]</c>; <c>$</c> for the whole.</param>
/// <param name="Code">
/// <c>missing</c>, <c>invalid</c>, <c>unknown</c>, <c>too_long</c>, <c>too_many</c>, <c>not_json</c>, <c>unsupported</c>, <c>conflict</c>
/// or <c>conflicting_duplicate</c>.
/// </param>
/// <param name="Detail">A sentence for people. It quotes names and enum values at most, never payload or addresses.</param>
public sealed record EventFault(string Field, string Code, string Detail)
{
    /// <summary>The code of an event whose name stands for another one that says something else.</summary>
    internal const string ConflictingDuplicate = "conflicting_duplicate";
}

/// <summary>The reading of an event: the event, or everything that is wrong with it.</summary>
/// <param name="Event">The event; <see langword="null"/> where there are faults.</param>
/// <param name="Faults">All faults; empty where there is an event.</param>
internal sealed record EventReading(NotificationEvent? Event, IReadOnlyList<EventFault> Faults)
{
    /// <summary>Whether the event's time is the producer's own; where not, it was filled in.</summary>
    public bool StatesTime { get; init; }
}

/// <summary>What the reader fills in where the producer left it out.</summary>
/// <param name="Id">An id to use; <see langword="null"/> where a missing one is a fault.</param>
/// <param name="CreatedAt">The time to use.</param>
/// <param name="DeduplicationKey">The key from outside the body (<c>Idempotency-Key</c>), if any.</param>
internal sealed record EventDefaults(string? Id, DateTimeOffset CreatedAt, string? DeduplicationKey = null)
{
    /// <summary>
    /// The time that the producer itself has stated outside the body (the <c>time</c> of a CloudEvent). It also stands in where a version
    /// insists on the producer's own time.
    /// </summary>
    public DateTimeOffset? StatedAt { get; init; }

    /// <summary>
    /// Whether the service wrote the event itself, into the ledger: what was valid then is read, whatever has become invalid since. Its
    /// recipients stand as they are, because its deliveries are found by the hashes of these names.
    /// </summary>
    public bool IsStored { get; init; }
}
