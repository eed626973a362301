using Notify.Functions.Contract;

namespace Notify.Functions.Cancellation;

/// <summary>What of an event is to be cancelled.</summary>
/// <param name="Tenant">The event's tenant.</param>
/// <param name="EventId">The event.</param>
/// <param name="Recipient">Only this recipient; <see langword="null"/> for every one.</param>
/// <param name="Channel">Only this channel; <see langword="null"/> for every one.</param>
public sealed record CancellationScope(string? Tenant, string EventId, string? Recipient, Channel? Channel)
{
    /// <summary>Whether everything is to be cancelled.</summary>
    public bool IsWholeEvent => Recipient is null && Channel is null;
}
