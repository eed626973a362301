using Notify.Functions.Ledger;

namespace Notify.Functions.Sending;

/// <summary>What a provider made of one delivery. A value: an expected failure is no exception.</summary>
public abstract record SendResult
{
    private SendResult()
    {
    }

    /// <summary>Why it was not accepted: the provider's code, or what happened; <see langword="null"/> where it was.</summary>
    internal string? WhyNot() => this switch
    {
        Rejected rejected => rejected.Reason,
        RateLimited limited => limited.Reason,
        Unavailable unavailable => unavailable.Reason,
        AccountRefused refused => refused.Reason,
        TargetBusy busy => busy.Reason,
        TooLate => DeliveryReasons.ClaimTooLate,
        Unknown unknown => unknown.Reason,
        _ => null,
    };

    /// <summary>The provider took responsibility for it.</summary>
    /// <param name="ProviderMessageId">The provider's own name for the message, where it gives one.</param>
    /// <param name="Delivered">Whether acceptance is delivery already, as in the inbox.</param>
    public sealed record Accepted(string? ProviderMessageId, bool Delivered = false) : SendResult
    {
        /// <summary>Those of several addresses that are gone, where others took it.</summary>
        public IReadOnlyList<string> DeadAddresses { get; init; } = [];
    }

    /// <summary>The provider will never take it: a fault of the recipient's address or of the content.</summary>
    /// <param name="Reason">The provider's code, without an address in it, such as <c>fcm:UNREGISTERED</c>.</param>
    /// <param name="AddressIsDead">Whether the address itself is gone, so that it should not be used again.</param>
    public sealed record Rejected(string Reason, bool AddressIsDead = false) : SendResult;

    /// <summary>Provably not accepted: too many requests.</summary>
    /// <param name="Reason">The provider's code.</param>
    /// <param name="RetryAfter">How long the provider asks us to wait, where it says so.</param>
    public sealed record RateLimited(string Reason, TimeSpan? RetryAfter) : SendResult;

    /// <summary>Provably not accepted, and worth another try: the connection failed, or a documented code says so.</summary>
    /// <param name="Reason">The provider's code, or the kind of connection failure.</param>
    /// <param name="RetryAfter">How long the provider asks us to wait, where it says so.</param>
    public sealed record Unavailable(string Reason, TimeSpan? RetryAfter = null) : SendResult;

    /// <summary>
    /// Provably not accepted, nor would anybody's message be: the credentials, the sender, the credits or the address of the API are wrong.
    /// </summary>
    /// <param name="Reason">The provider's code.</param>
    public sealed record AccountRefused(string Reason) : SendResult;

    /// <summary>Provably not accepted, for what concerns only this recipient: others' messages go.</summary>
    /// <param name="Reason">The provider's code.</param>
    /// <param name="RetryAfter">How long the provider asks us to wait, where it says so.</param>
    public sealed record TargetBusy(string Reason, TimeSpan? RetryAfter = null) : SendResult;

    /// <summary>Not sent: the claim had run out, and somebody else may have taken over.</summary>
    public sealed record TooLate : SendResult;

    /// <summary>The request went out and the answer is lost: the provider may have accepted it. Never silently repeated.</summary>
    /// <param name="Reason">What happened, such as <c>timeout</c> or <c>connection lost</c>.</param>
    public sealed record Unknown(string Reason) : SendResult;
}
