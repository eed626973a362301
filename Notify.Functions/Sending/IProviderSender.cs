using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;

namespace Notify.Functions.Sending;

/// <summary>Sends by one provider's API. Knows the dialect, nothing of retries, limits or the ledger.</summary>
public interface IProviderSender
{
    /// <summary>
    /// The provider's name in settings, facts and webhook routes: <c>sendgrid</c>, <c>twilio</c>, <c>fcm</c>, <c>inbox</c>.
    /// </summary>
    string Name { get; }

    /// <summary>
    /// Who the provider thinks is sending: a from address, a number, a project. Each has a rate and a circuit of its own, so that one that
    /// is stopped stops no other.
    /// </summary>
    string Account => "";

    /// <summary>The channel it serves.</summary>
    Channel Channel { get; }

    /// <summary>How many targets one request can carry.</summary>
    int MaxTargets { get; }

    /// <summary>
    /// The reason for which it sends such a content to nobody, for its length mostly; <see langword="null"/> where nothing is known to
    /// stand against it. <see cref="SendAsync"/> rejects it with the same one, before any request.
    /// </summary>
    string? RefusalOf(MessageContent content) => null;

    /// <summary>Whether it ends in our own storage, so that there is nobody whose limits or outages count.</summary>
    bool IsOurs => false;

    /// <summary>
    /// Sends one content to 1–<see cref="MaxTargets"/> targets by one request and returns one result a target, in order. Throws only on
    /// cancellation of <paramref name="cancellationToken"/> before anything was written, and on faults of our own.
    /// </summary>
    Task<IReadOnlyList<SendResult>> SendAsync(SendRequest request, CancellationToken cancellationToken);
}

/// <summary>One content for one or many targets.</summary>
public sealed record SendRequest(MessageContent Content, IReadOnlyList<SendTarget> Targets)
{
    /// <summary>Why the message is sent; decides list headers and push priority.</summary>
    public required EventType Type { get; init; }

    /// <summary>How urgent the message is.</summary>
    public required Priority Priority { get; init; }

    /// <summary>The category that a recipient may opt out of.</summary>
    public string? Category { get; init; }

    /// <summary>What the link to unsubscribe by is called, in the language of the message.</summary>
    public string UnsubscribeText { get; init; } = "Unsubscribe";

    /// <summary>After this the message is worthless; the provider is told where it can be.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How long a request may be begun; <see langword="null"/>: at any time.</summary>
    public Lease? Lease { get; init; }
}

/// <summary>One delivery's attempt.</summary>
/// <param name="AttemptId">Travels in the provider's metadata and comes back in its reports.</param>
/// <param name="Recipient">The recipient's id as producers know it; the inbox's address.</param>
/// <param name="Addresses">Email address, phone number in E.164, or push tokens; one, except for push.</param>
public sealed record SendTarget(string AttemptId, string Recipient, IReadOnlyList<string> Addresses)
{
    /// <summary>
    /// Where this recipient unsubscribes from such mail; <see langword="null"/> where there is nothing to unsubscribe from.
    /// </summary>
    public Uri? UnsubscribeUrl { get; init; }
}
