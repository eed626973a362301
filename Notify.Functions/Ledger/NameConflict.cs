using System.Globalization;
using Notify.Functions.Contract;

namespace Notify.Functions.Ledger;

/// <summary>What to say of an event whose name stands for another one that says something else.</summary>
internal static class NameConflict
{
    /// <summary>The key is another event's.</summary>
    /// <param name="eventId">The event that has the key.</param>
    /// <param name="ttl">For how long it has it.</param>
    public static EventFault OfKey(string eventId, TimeSpan ttl) => new(
        "deduplicationKey", EventFault.ConflictingDuplicate, string.Create(
            CultureInfo.InvariantCulture,
            $"The key belongs to event '{eventId}', which says something else, for {ttl.TotalHours:0.##} hours. Send the first event "
                + $"unchanged, or this one with a key of its own."));

    /// <summary>There is an event of this id.</summary>
    public static EventFault OfId(string eventId) => new(
        "id", EventFault.ConflictingDuplicate,
        $"There is an event '{eventId}', and it says something else. Send that one unchanged, or this one with an id of its own.");
}
