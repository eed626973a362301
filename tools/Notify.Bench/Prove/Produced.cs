using Notify.Functions.Contract;

namespace Notify.Bench.Prove;

/// <summary>An event that was given to the service, or tried to.</summary>
/// <param name="Event">The event.</param>
/// <param name="Recipients">Who is to hear of it, topics resolved.</param>
internal sealed record Produced(NotificationEvent Event, IReadOnlyList<string> Recipients)
{
    /// <summary>Whether the service, or the broker, has said that it has it. Where it has not, it may have it all the same.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>The id that the service answered with: another one where an event with the same key was there first.</summary>
    public string AcknowledgedAs { get; set; } = Event.Id;

    /// <summary>What makes it a duplicate of another: whichever of those with one key is dispatched first stands.</summary>
    public string Key => Event.DeduplicationKey ?? Event.Id;
}
