using Notify.Functions.Contract;
using Notify.Functions.Recipients.Preferences;

namespace Notify.Functions.Recipients.Unsubscribe;

/// <summary>Changes what a recipient has chosen about email, and about nothing else. Pure.</summary>
internal sealed class EmailChoices(ChoiceVia via, DateTimeOffset at)
{
    /// <summary>Who chooses by a link.</summary>
    public const string By = "recipient";

    /// <summary>Whether mail of a category is wanted.</summary>
    public static bool Wants(PreferenceSet preferences, string category) =>
        preferences.ChoiceFor(PreferenceKeys.OfCategory(category)) is not { Wanted: false }
        && preferences.ChoiceFor(PreferenceKeys.OfCategory(category, Channel.Email)) is not { Wanted: false };

    /// <summary>Whether any mail is wanted.</summary>
    public static bool WantsAny(PreferenceSet preferences) =>
        preferences.ChoiceFor(PreferenceKeys.All) is not { Wanted: false }
        && preferences.ChoiceFor(PreferenceKeys.For(Channel.Email)) is not { Wanted: false };

    /// <summary>Refuses mail of a category, or wants it again.</summary>
    public PreferenceSet Choose(PreferenceSet preferences, string category, bool wanted) => Wants(preferences, category) == wanted
        ? preferences
        : Choose(preferences, PreferenceKeys.OfCategory(category), channel => PreferenceKeys.OfCategory(category, channel), wanted);

    /// <summary>Refuses all mail, or wants it again.</summary>
    public PreferenceSet ChooseAny(PreferenceSet preferences, bool wanted) => WantsAny(preferences) == wanted
        ? preferences
        : Choose(preferences, PreferenceKeys.All, PreferenceKeys.For, wanted);

    // A refusal on every channel that is taken back for email stays on the others.
    private PreferenceSet Choose(PreferenceSet preferences, string broad, Func<Channel, string> narrow, bool wanted)
    {
        if (wanted && preferences.ChoiceFor(broad) is { Wanted: false })
        {
            preferences = ContractNames.Channels.Where(channel => channel != Channel.Email)
                .Aggregate(preferences.With(broad, Choice(wanted: true)), (set, channel) =>
                    set.With(narrow(channel), Choice(wanted: false)));
        }
        return preferences.With(narrow(Channel.Email), Choice(wanted));
    }

    private Choice Choice(bool wanted) => new(wanted, at, By, via);
}
