using Microsoft.Extensions.Configuration;

namespace Notify.Functions.Infrastructure.Configuration;

/// <summary>A section of the settings with its options class, whether or not anything reads it in this process.</summary>
/// <param name="Name">The section's name, with <c>:</c>.</param>
/// <param name="Options">The options class.</param>
internal sealed record SettingSection(string Name, Type Options)
{
    /// <summary>The settings there are in it, by their whole names.</summary>
    public IEnumerable<KnownSetting> Settings => KnownSetting.ReadFrom(Options, Name.Split(ConfigurationPath.KeyDelimiter));
}
