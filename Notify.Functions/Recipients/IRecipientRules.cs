using Notify.Functions.Events;

namespace Notify.Functions.Recipients;

/// <summary>What recipients' own rules say of deliveries to them: preferences, quiet hours, suppressed addresses.</summary>
public interface IRecipientRules
{
    /// <summary>A ruling for each question, in order. Throws only what the infrastructure throws.</summary>
    Task<IReadOnlyList<Ruling>> RuleAsync(IReadOnlyList<RecipientQuestion> questions, CancellationToken cancellationToken);
}

/// <summary>May this be sent to this recipient, and from when on?</summary>
/// <param name="Type">Why it is sent.</param>
/// <param name="Priority">How soon it must go out.</param>
/// <param name="Category">What a recipient may opt out of, if the event has one.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Recipient">Who it is for.</param>
public sealed record RecipientQuestion(EventType Type, Priority Priority, string? Category, Channel Channel, RecipientProfile Recipient)
{
    /// <summary>The event's topics, where the recipient is not named and so hears of it by one of them.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>When the producer wants it sent; <see langword="null"/> for now.</summary>
    public DateTimeOffset? SendAt { get; init; }

    /// <summary>The question that an event raises.</summary>
    public static RecipientQuestion About(NotificationEvent notification, Channel channel, RecipientProfile recipient) =>
        new(notification.Type, notification.Priority, notification.Category, channel, recipient)
        {
            SendAt = notification.SendAt,
            Topics = notification.Topics.Any() && !notification.Named.Contains(recipient.Id, StringComparer.Ordinal) ? [.. notification.Topics] : [],
        };
}

/// <summary>What a recipient's rules say of one delivery.</summary>
/// <param name="SuppressedBy">The rule that forbids it, as a reason; <see langword="null"/> where none does.</param>
/// <param name="NotBefore">When it may be sent, where that is later than now.</param>
/// <param name="DeferredBy">The rule that defers it, as a reason.</param>
public sealed record Ruling(string? SuppressedBy = null, DateTimeOffset? NotBefore = null, string? DeferredBy = null)
{
    /// <summary>Nothing stands against it.</summary>
    public static Ruling Free { get; } = new();
}
