using Microsoft.Extensions.Configuration;

namespace Notify.Functions.Infrastructure.Configuration;

/// <summary>
/// Reads settings without a complaint: what is faulty keeps its default here, and <see cref="SettingsCheck"/> names it. So one faulty
/// setting hides no other.
/// </summary>
internal static class ReadableSettings
{
    /// <summary>An options class with what its section has.</summary>
    public static T Read<T>(this IConfiguration configuration, string section) where T : class, new()
    {
        var options = new T();
        configuration.ReadInto(section, options);
        return options;
    }

    /// <summary>
    /// Takes over what the section has. A setting that is there but empty counts as absent, so that a file may list every setting there is.
    /// </summary>
    public static void ReadInto(this IConfiguration configuration, string section, object options)
    {
        var known = KnownSetting.ReadFrom(options.GetType()).ToList();
        var readable = configuration.GetSection(section).AsEnumerable(makePathsRelative: true)
            .Where(one => one.Value is { Length: > 0 } value && !SettingsCheck.IsReference(value)
                && IsReadable(one.Key.Split(ConfigurationPath.KeyDelimiter), value));
        new ConfigurationBuilder().AddInMemoryCollection(readable).Build().Bind(options);

        bool IsReadable(string[] path, string value) => known.Exists(setting => setting.Is(path) && setting.CanRead(value));
    }
}
