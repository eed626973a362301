using Microsoft.Extensions.Configuration;

namespace Notify.LocalHost.Runtime.Catalog;

/// <summary>Replaces <c>%Section:Key%</c> in a function's attributes by settings.</summary>
internal sealed class SettingPlaceholders(string function, IConfiguration settings)
{
    /// <summary>The text with its placeholders replaced; <see langword="null"/> stays.</summary>
    public string? Resolve(string? text)
    {
        if (text is null)
        {
            return null;
        }
        var parts = text.Split('%');
        if (parts.Length % 2 == 0)
        {
            throw new StartupException($"Function '{function}' has '{text}' in an attribute, where a '%' has no partner.");
        }
        for (var i = 1; i < parts.Length; i += 2)
        {
            parts[i] = settings[parts[i]] is { Length: > 0 } value
                ? value
                : throw new StartupException(
                    $"Function '{function}' needs the setting '{parts[i]}', which is missing or empty (as an environment "
                        + $"variable: {parts[i].Replace(":", "__", StringComparison.Ordinal)}).");
        }
        return string.Concat(parts);
    }
}
