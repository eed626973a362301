namespace Notify.Functions.Delivery;

/// <summary>What was decided for one delivery. The numbers are persisted: never change or reuse one.</summary>
public enum DecisionKind
{
    /// <summary>Send now.</summary>
    Send = 1,

    /// <summary>Put into the recipient's next digest.</summary>
    Batch = 2,

    /// <summary>Do not send, by a rule.</summary>
    Suppress = 3,

    /// <summary>Do not send: it was too late already.</summary>
    Expire = 4,
}

/// <summary>A decision and the rule behind it.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Reason">The rule's name, for people and filters, such as <c>no_address</c>.</param>
/// <param name="Due">For <see cref="DecisionKind.Batch"/> the end of the digest's window.</param>
public sealed record Decision(DecisionKind Kind, string Reason, DateTimeOffset? Due = null)
{
    /// <summary>Send now.</summary>
    public static Decision Send { get; } = new(DecisionKind.Send, Reasons.Send);
}

/// <summary>The reasons a decision or an outcome can have. Persisted and public: add, never rename.</summary>
public static class Reasons
{
    /// <summary>Nothing stands against it.</summary>
    public const string Send = "send";

    /// <summary>Its time was over before it was decided or sent.</summary>
    public const string Expired = "expired";

    /// <summary>The channel is switched off by a setting.</summary>
    public const string ChannelDisabled = "channel_disabled";

    /// <summary>The recipient is not known.</summary>
    public const string UnknownRecipient = "unknown_recipient";

    /// <summary>The recipient has no address on this channel.</summary>
    public const string NoAddress = "no_address";

    /// <summary>The address is on the suppression list.</summary>
    public const string SuppressedAddress = "suppressed_address";

    /// <summary>It waits for the recipient's digest.</summary>
    public const string Digest = "digest";

    /// <summary>A send's answer was lost and policy says not to repeat it.</summary>
    public const string AmbiguousDropped = "ambiguous_not_repeated";

    /// <summary>Every try of the schedule was used.</summary>
    public const string RetriesUsedUp = "retries_used_up";
}
