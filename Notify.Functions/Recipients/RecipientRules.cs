using Microsoft.Extensions.Options;
using Notify.Functions.Delivery;
using Notify.Functions.Events;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.QuietHours;

namespace Notify.Functions.Recipients;

/// <summary>The rules that recipients have made for themselves, as their profiles bring them.</summary>
public sealed class RecipientRules(IOptions<RecipientsOptions> options, TimeProvider time) : IRecipientRules
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Ruling>> RuleAsync(IReadOnlyList<RecipientQuestion> questions, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Ruling>>([.. questions.Select(question => Rule(question, options.Value, time.GetUtcNow()))]);

    /// <summary>The ruling on one delivery. Pure.</summary>
    public static Ruling Rule(RecipientQuestion question, RecipientsOptions options, DateTimeOffset now)
    {
        var recipient = question.Recipient;
        if (recipient.AddressesOn(question.Channel).Count > 0 && recipient.UsableOn(question.Channel).Count == 0)
        {
            return new Ruling(SuppressedBy: Reasons.SuppressedAddress);
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
        return open == at ? Ruling.Free : new Ruling(NotBefore: open, DeferredBy: Reasons.QuietHours);
    }

    /// <summary>The zone of a recipient. The system that knew it when the profile was written may know more zones than this one.</summary>
    internal static TimeZoneInfo ZoneOf(RecipientProfile recipient, RecipientsOptions options) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(recipient.TimeZone ?? options.DefaultTimeZone, out var zone) ? zone : TimeZoneInfo.FindSystemTimeZoneById(options.DefaultTimeZone);
}
