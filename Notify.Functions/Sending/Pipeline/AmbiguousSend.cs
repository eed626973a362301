using Notify.Functions.Contract;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>What to do when nobody knows whether the provider accepted: the one gap that no sender can close.</summary>
internal enum AmbiguousSend
{
    /// <summary>Better twice than never: a password reset, an alert.</summary>
    Resend,

    /// <summary>Better never than twice: an advertisement.</summary>
    Drop,
}

/// <summary>The policy by type of event.</summary>
internal static class AmbiguousSendPolicy
{
    /// <summary>What to do for an event of this type.</summary>
    public static AmbiguousSend For(EventType type) => type == EventType.Marketing ? AmbiguousSend.Drop : AmbiguousSend.Resend;
}
