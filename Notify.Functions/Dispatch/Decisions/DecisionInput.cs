using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Rules;

namespace Notify.Functions.Dispatch.Decisions;

/// <summary>The facts that decide one delivery.</summary>
/// <param name="Event">The event.</param>
/// <param name="Channel">One of its channels.</param>
/// <param name="Recipient">The recipient's profile; <see langword="null"/> where the recipient is not known.</param>
public sealed record DecisionInput(NotificationEvent Event, Channel Channel, RecipientProfile? Recipient)
{
    /// <summary>What the recipient's own rules say.</summary>
    public Ruling Ruling { get; init; } = Ruling.Free;

    /// <summary>
    /// Why the event's template cannot say it to this recipient, as a reason; <see langword="null"/> where it can, or there is none.
    /// </summary>
    public string? TemplateFault { get; init; }

    /// <summary>Whether the recipient has had as much of this category as a throttle allows.</summary>
    public bool IsThrottled { get; init; }

    /// <summary>Whether the recipient wants on this channel each message by itself, and no digests.</summary>
    public bool RefusesDigests => Recipient is { } recipient && PreferenceRules.RefusesDigests(recipient.Preferences, Channel);

    /// <summary>Whether this is a deferred delivery whose time has come: it is no longer gathered into a digest, nor throttled.</summary>
    public bool IsDue { get; init; }
}
