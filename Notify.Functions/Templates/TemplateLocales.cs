using System.Globalization;

namespace Notify.Functions.Templates;

/// <summary>The way from a recipient's language to what there is.</summary>
internal static class TemplateLocales
{
    /// <summary>The locale of files without one.</summary>
    public const string Default = "";

    /// <summary><c>de-AT</c> → <c>de-AT</c>, <c>de</c>, default.</summary>
    public static IEnumerable<string> Fallback(string? locale)
    {
        for (var one = locale; !string.IsNullOrEmpty(one); one = one[..Math.Max(one.LastIndexOf('-'), 0)])
        {
            yield return one;
        }
        yield return Default;
    }

    /// <summary>What a text of one language writes dates and numbers by: the recipient's own region where the language is theirs.</summary>
    /// <param name="written">The language of the text.</param>
    /// <param name="recipient">The recipient's locale, if known.</param>
    public static CultureInfo Culture(string written, string? recipient)
    {
        var name = recipient is not null && string.Equals(LanguageOf(recipient), LanguageOf(written), StringComparison.Ordinal) ? recipient : written;
        try
        {
            return CultureInfo.GetCultureInfo(name);
        }
        catch (CultureNotFoundException)
        {
            // A system without its own data on languages.
            return CultureInfo.InvariantCulture;
        }
    }

    private static string LanguageOf(string locale) => locale.Split('-', 2)[0];
}
