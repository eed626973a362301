using Notify.Functions.Contract;
using Notify.Functions.Recipients.QuietHours;

namespace Notify.Functions.Recipients.Preferences;

/// <summary>Choices as the API shows them: what can be read can be put again.</summary>
internal static class PreferenceView
{
    /// <summary>The JSON object.</summary>
    public static object From(PreferenceSet preferences, IReadOnlyCollection<string> required)
    {
        var categories = preferences.Choices.Select(choice => (Place: PreferenceKeys.CategoryOf(choice.Key), choice.Value.Wanted))
            .Where(one => one.Place is not null)
            .GroupBy(one => one.Place!.Value.Category, StringComparer.Ordinal)
            .OrderBy(category => category.Key, StringComparer.Ordinal)
            .ToDictionary(
                category => category.Key,
                category => category.ToDictionary(one => one.Place!.Value.Channel?.Name() ?? "all", one => one.Wanted,
                    StringComparer.Ordinal),
                StringComparer.Ordinal);
        return new
        {
            all = preferences.ChoiceFor(PreferenceKeys.All)?.Wanted,
            channels = Chosen(preferences, key => PreferenceKeys.ChannelOf(key)?.Name()),
            categories,
            topics = Chosen(preferences, PreferenceKeys.TopicOf),
            quietHours = QuietHoursReader.View(preferences.QuietHours),
            required,
        };
    }

    private static Dictionary<string, bool> Chosen(PreferenceSet preferences, Func<string, string?> nameOf) =>
        preferences.Choices.Select(choice => (Name: nameOf(choice.Key), choice.Value.Wanted)).Where(one => one.Name is not null)
            .OrderBy(one => one.Name, StringComparer.Ordinal)
            .ToDictionary(one => one.Name!, one => one.Wanted, StringComparer.Ordinal);
}
