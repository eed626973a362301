using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>What a producer said happened, after its version's reader has checked it. The one model inside the service.</summary>
public sealed record NotificationEvent
{
    /// <summary>The producer's (or the intake's) name for the event, unique within the tenant.</summary>
    public required string Id { get; init; }

    /// <summary>What the event is for.</summary>
    public required EventType Type { get; init; }

    /// <summary>How soon it must go out.</summary>
    public required Priority Priority { get; init; }

    /// <summary>What happened: a JSON object, at most <see cref="EventLimits.PayloadBytes"/> bytes.</summary>
    public required JsonElement Payload { get; init; }

    /// <summary>
    /// User ids, external addresses (<c>mailto:</c>, <c>tel:</c>) or topics (<c>topic:</c>), each once, in the producer's order.
    /// </summary>
    public required IReadOnlyList<string> Recipients { get; init; }

    /// <summary>The recipients that are named one by one.</summary>
    public IEnumerable<string> Named => Recipients.Where(recipient => !AddressSyntax.IsTopic(recipient));

    /// <summary>The names of the topics whose subscribers are meant, without their prefix.</summary>
    public IEnumerable<string> Topics =>
        Recipients.Where(AddressSyntax.IsTopic).Select(recipient => recipient[AddressSyntax.TopicPrefix.Length..]);

    /// <summary>The channels the producer allows, each once.</summary>
    public required IReadOnlyList<Channel> Channels { get; init; }

    /// <summary>When it happened, UTC, in whole milliseconds.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Two events of one tenant with the same key within the deduplication time are one.</summary>
    public string? DeduplicationKey { get; init; }

    /// <summary>The template that has the words; <see langword="null"/> where the payload has them.</summary>
    public string? Template { get; init; }

    /// <summary>What a recipient may opt out of, such as <c>comments</c>.</summary>
    public string? Category { get; init; }

    /// <summary>The customer whose users are meant; ids of different tenants never meet.</summary>
    public string? Tenant { get; init; }

    /// <summary>After this nothing is sent any more.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Before this nothing is sent.</summary>
    public DateTimeOffset? SendAt { get; init; }

    /// <summary>The W3C trace context of the producer.</summary>
    public string? TraceParent { get; init; }
}
