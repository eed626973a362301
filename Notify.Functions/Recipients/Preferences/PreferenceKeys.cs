using Notify.Functions.Contract;

namespace Notify.Functions.Recipients.Preferences;

/// <summary>
/// The names of choices: <c>*</c>, <c>channel:sms</c>, <c>category:news</c>, <c>category:news/email</c>, <c>topic:offers</c>. Persisted,
/// and shown in the audit trail.
/// </summary>
internal static class PreferenceKeys
{
    /// <summary>Everything.</summary>
    public const string All = "*";

    private const string ChannelPrefix = "channel:";
    private const string CategoryPrefix = "category:";
    private const string TopicPrefix = "topic:";

    /// <summary>A channel.</summary>
    public static string For(Channel channel) => ChannelPrefix + channel.Name();

    /// <summary>A category on every channel.</summary>
    public static string OfCategory(string category) => CategoryPrefix + category;

    /// <summary>A category on one channel. No category has a slash in its name.</summary>
    public static string OfCategory(string category, Channel channel) => $"{CategoryPrefix}{category}/{channel.Name()}";

    /// <summary>A topic.</summary>
    public static string OfTopic(string topic) => TopicPrefix + topic;

    /// <summary>The category of a choice, and its channel if it has one; <see langword="null"/> for a choice of another kind.</summary>
    public static (string Category, Channel? Channel)? CategoryOf(string key)
    {
        if (!key.StartsWith(CategoryPrefix, StringComparison.Ordinal))
        {
            return null;
        }
        var parts = key[CategoryPrefix.Length..].Split('/');
        return (parts[0], parts.Length > 1 && ContractNames.TryParse(parts[1], out Channel channel) ? channel : null);
    }

    /// <summary>The channel of a choice about a whole channel.</summary>
    public static Channel? ChannelOf(string key) =>
        key.StartsWith(ChannelPrefix, StringComparison.Ordinal) && ContractNames.TryParse(key[ChannelPrefix.Length..], out Channel channel)
            ? channel : null;

    /// <summary>The topic of a choice about a topic.</summary>
    public static string? TopicOf(string key) => key.StartsWith(TopicPrefix, StringComparison.Ordinal) ? key[TopicPrefix.Length..] : null;
}
