using Notify.Functions.Contract;

namespace Notify.Functions.Intake;

/// <summary>An event as a caller has given it, valid and with everything filled in.</summary>
/// <param name="Event">The event.</param>
/// <param name="StatesId">Whether its id is the caller's own.</param>
/// <param name="StatesTime">Whether its time is.</param>
internal sealed record Submission(NotificationEvent Event, bool StatesId, bool StatesTime)
{
    /// <summary>Whether the caller has given it a name: a second one of that name is to be the same event.</summary>
    public bool IsNamed => StatesId || Event.DeduplicationKey is not null;

    /// <summary>The submission of an event that was read.</summary>
    public static Submission Create(NotificationEvent notification, EventReading reading, EventDefaults defaults) =>
        new(notification, !string.Equals(notification.Id, defaults.Id, StringComparison.Ordinal), reading.StatesTime);
}

/// <summary>What became of a submission.</summary>
/// <param name="Id">The event's id: of submissions of one name the first one's.</param>
/// <param name="Conflict">Why it was refused, where its name stands for an event that says something else.</param>
/// <param name="IsAcknowledged">Whether the broker has it.</param>
internal sealed record Acceptance(string Id, EventFault? Conflict, bool IsAcknowledged);
