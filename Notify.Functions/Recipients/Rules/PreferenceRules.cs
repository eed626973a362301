using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Preferences;

namespace Notify.Functions.Recipients.Rules;

/// <summary>What a recipient's choices say of one delivery. Pure.</summary>
internal static class PreferenceRules
{
    /// <summary>The category that a choice is about: the event's, or the name of its type where it has none.</summary>
    public static string CategoryOf(EventType type, string? category) => category ?? type.Name();

    /// <summary>
    /// The category of what gathers others. It is about the form, not about what is in it: who refuses it gets each message by itself, and
    /// refuses those by their own categories.
    /// </summary>
    public const string DigestCategory = "digest";

    /// <summary>Whether a recipient wants on a channel each message by itself.</summary>
    public static bool RefusesDigests(PreferenceSet preferences, Channel channel) =>
        preferences.ChoiceFor(PreferenceKeys.OfCategory(DigestCategory)) is { Wanted: false }
        || preferences.ChoiceFor(PreferenceKeys.OfCategory(DigestCategory, channel)) is { Wanted: false };

    /// <summary>
    /// The reason for which a delivery is not wanted; <see langword="null"/> where it is. One refusal is enough, whatever else was
    /// chosen. A required category cannot be refused; what is transactional only by its own category.
    /// </summary>
    public static string? RefusedBy(PreferenceSet preferences, RecipientQuestion question, IReadOnlyCollection<string> required)
    {
        var category = CategoryOf(question.Type, question.Category);
        if (preferences.Choices.Count == 0 || required.Contains(category, StringComparer.Ordinal))
        {
            return null;
        }
        var asked = new List<(string Key, string Reason)>();
        if (question.Type != EventType.Transactional)
        {
            asked.Add((PreferenceKeys.All, DeliveryReasons.OptedOut));
            asked.Add((PreferenceKeys.For(question.Channel), DeliveryReasons.OptedOutOfChannel));
        }
        asked.Add((PreferenceKeys.OfCategory(category), DeliveryReasons.OptedOutOfCategory));
        asked.Add((PreferenceKeys.OfCategory(category, question.Channel), DeliveryReasons.OptedOutOfCategoryOnChannel));
        if (question.Type != EventType.Transactional)
        {
            asked.AddRange(question.Topics.Select(topic => (PreferenceKeys.OfTopic(topic), DeliveryReasons.OptedOutOfTopic)));
        }
        foreach (var (key, reason) in asked)
        {
            if (preferences.ChoiceFor(key) is { Wanted: false } refusal)
            {
                return refusal.Via is ChoiceVia.OneClick or ChoiceVia.Page or ChoiceVia.Provider ? DeliveryReasons.Unsubscribed : reason;
            }
        }
        return null;
    }
}
