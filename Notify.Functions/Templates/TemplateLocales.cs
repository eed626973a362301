using System.Globalization;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Templates;

/// <summary>The way from a recipient's language to what there is.</summary>
internal static class TemplateLocales
{
    /// <summary>The locale of files without one.</summary>
    public const string Default = "";

    /// <summary>
    /// By CLDR's aliases and parents: <c>de-AT</c> → <c>de-AT</c>, <c>de</c>, default; <c>zh-TW</c> → <c>zh-TW</c>, <c>zh-Hant</c>,
    /// default; <c>iw</c> → <c>he</c>, default. Each is as <see cref="KeyOf"/> has it.
    /// </summary>
    public static IEnumerable<string> Fallback(string? locale) =>
        (locale is { Length: > 0 } && LanguageTag.Parse(locale) is { } tag
            ? CldrLocales.Chain(tag).Select(one => one.ToString()) : []).Append(Default);

    /// <summary>What two locales that are the same have in common: <c>iw</c> and <c>he</c> are <c>he</c>.</summary>
    public static string KeyOf(string locale) => LanguageTag.Parse(locale) is { } tag ? CldrLocales.Canonical(tag).ToString() : locale;

    /// <summary>What a text of one language writes dates and numbers by: the recipient's own region where the language is theirs.</summary>
    /// <param name="written">The language of the text.</param>
    /// <param name="recipient">The recipient's locale, if known.</param>
    public static CultureInfo Culture(string written, string? recipient)
    {
        var (text, reader) = (Canonical(written), recipient is null ? null : Canonical(recipient));
        var tag = reader is not null && string.Equals(reader.Language, text?.Language, StringComparison.Ordinal) ? reader : text;
        try
        {
            return tag is null
                ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo((tag with { Variants = "", Extensions = "" }).ToString());
        }
        catch (CultureNotFoundException)
        {
            // A system without its own data on languages.
            return CultureInfo.InvariantCulture;
        }
    }

    private static LanguageTag? Canonical(string locale) => LanguageTag.Parse(locale) is { } tag ? CldrLocales.Canonical(tag) : null;
}
