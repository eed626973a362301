using System.Text.Json;
using System.Text.Json.Serialization;

namespace Notify.Functions.Contract;

/// <summary>
/// The unit of work after dispatch: deliveries of one channel and lane, with the content of each event once.
/// </summary>
/// <param name="Channel">The channel.</param>
/// <param name="Urgent">Whether it belongs to the urgent lane.</param>
/// <param name="Events">The events by event hash.</param>
/// <param name="Deliveries">What to send.</param>
internal sealed record Envelope(
    Channel Channel, bool Urgent, IReadOnlyDictionary<string, EnvelopeEvent> Events, IReadOnlyList<EnvelopeDelivery> Deliveries);

/// <summary>What the send path needs to know of an event.</summary>
public sealed record EnvelopeEvent
{
    /// <summary>The event's own id.</summary>
    public required string Id { get; init; }

    /// <summary>The tenant, if any.</summary>
    public string? Tenant { get; init; }

    /// <summary>What the event is for.</summary>
    public required EventType Type { get; init; }

    /// <summary>How soon it must go out.</summary>
    public required Priority Priority { get; init; }

    /// <summary>What a recipient may opt out of.</summary>
    public string? Category { get; init; }

    /// <summary>After this nothing is sent any more.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// When the event was accepted: its record's timestamp. A digest, and what was dispatched by an earlier version, has none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>The trace that what follows from it belongs to.</summary>
    public string? TraceParent { get; init; }

    /// <summary>What to say; <see langword="null"/> where a template says it.</summary>
    public MessageContent? Content { get; init; }

    /// <summary>
    /// The template that says it, with its variables; <see langword="null"/> where the words are in <see cref="Content"/>.
    /// </summary>
    public TemplateUse? Template { get; init; }

    /// <summary>What a digest shows; <see langword="null"/> for an event, and for a digest that an older version closed.</summary>
    public IReadOnlyList<DigestEntry>? Digest { get; init; }

    /// <summary>The part of an event that an envelope carries.</summary>
    public static EnvelopeEvent From(NotificationEvent notification) => new()
    {
        Id = notification.Id,
        Tenant = notification.Tenant,
        Type = notification.Type,
        Priority = notification.Priority,
        Category = notification.Category,
        ExpiresAt = notification.ExpiresAt,
        TraceParent = notification.TraceParent,
        Content = notification.Template is null ? PayloadContent.Read(notification.Payload) : null,
        Template = notification.Template is { } name ? new TemplateUse(name, notification.Payload) : null,
    };
}

/// <summary>
/// A template, and what it is to be rendered with. Rendered when it is sent, so that an envelope holds the payload once, whatever languages
/// it goes out in.
/// </summary>
/// <param name="Name">The template's name.</param>
/// <param name="Payload">The event's payload.</param>
public sealed record TemplateUse(string Name, JsonElement Payload);

/// <summary>One delivery in an envelope.</summary>
/// <param name="Id">The delivery id.</param>
/// <param name="Attempt">Which attempt this is, from 1.</param>
/// <param name="Recipient">The recipient's id.</param>
/// <param name="Addresses">Where to send it.</param>
/// <param name="Rescued">Whether it comes from a poison queue, where it was found untried.</param>
public sealed record EnvelopeDelivery(
    string Id, int Attempt, string Recipient, IReadOnlyList<string> Addresses,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Rescued = false)
{
    /// <summary>When it was to be sent, where that was decided: what it waited until then is no delay.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Due { get; init; }

    /// <summary>What it has waited for, where it has come back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Deferral? Deferral { get; init; }
}

/// <summary>Why a delivery was put off before it was tried.</summary>
public sealed record Deferral
{
    /// <summary>
    /// When it first asked to go at a provider's rate, in microseconds of the rate limit's clock; 0: it did not wait for that.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Since { get; init; }

    /// <summary>Since when no provider was to be had, without a break.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? WithoutProviderSince { get; init; }
}
