using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Recipients.Rules;

/// <summary>
/// What recipients' own rules, as their profiles bring them, say of deliveries: preferences, quiet hours, suppressed addresses.
/// </summary>
public sealed class RecipientRules(IOptions<RecipientsOptions> options, TimeProvider time)
{
    /// <summary>The ruling on one delivery, now.</summary>
    public Ruling Rule(RecipientQuestion question) => Rule(question, options.Value, time.GetUtcNow());

    /// <summary>The ruling on one delivery. Pure.</summary>
    public static Ruling Rule(RecipientQuestion question, RecipientsOptions options, DateTimeOffset now)
    {
        var recipient = question.Recipient;
        if (recipient.AddressesOn(question.Channel).Count > 0 && recipient.UsableOn(question.Channel).Count == 0)
        {
            return new Ruling(SuppressedBy: DeliveryReasons.SuppressedAddress);
        }
        if (PreferenceRules.RefusedBy(recipient.Preferences, question, options.Required) is { } refusal)
        {
            return new Ruling(SuppressedBy: refusal);
        }
        var quiet = recipient.Preferences.QuietHours;
        if (quiet.Count == 0 || question.Priority.IsUrgent())
        {
            return Ruling.Free;
        }
        var at = question.SendAt > now ? question.SendAt.Value : now;
        var open = QuietHoursRule.OpenFrom(quiet, question.Channel, ZoneOf(recipient, options), at, recipient, options.QuietHoursJitter);
        return open == at ? Ruling.Free : new Ruling(NotBefore: open, DeferredBy: DeliveryReasons.QuietHours);
    }

    /// <summary>The zone of a recipient. The system that knew it when the profile was written may know more zones than this one.</summary>
    internal static TimeZoneInfo ZoneOf(RecipientProfile recipient, RecipientsOptions options) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(recipient.TimeZone ?? options.DefaultTimeZone, out var zone)
            ? zone : TimeZoneInfo.FindSystemTimeZoneById(options.DefaultTimeZone);
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
            Topics = notification.Topics.Any() && !notification.Named.Contains(recipient.Id, StringComparer.Ordinal)
                ? [.. notification.Topics] : [],
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
