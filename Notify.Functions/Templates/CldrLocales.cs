using System.Collections.Frozen;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Templates;

/// <summary>
/// What Unicode CLDR knows of locales: <c>locales.txt</c>, which names its source. The same everywhere, whatever data the system has.
/// </summary>
internal static class CldrLocales
{
    private static readonly FrozenDictionary<(string Kind, string Key), string> Data = Read();

    /// <summary>
    /// The tag by today's codes: <c>iw</c> → <c>he</c>, <c>no</c> → <c>nb</c>, <c>sh</c> → <c>sr-Latn</c>, <c>en-UK</c> → <c>en-GB</c>.
    /// </summary>
    public static LanguageTag Canonical(LanguageTag tag)
    {
        if (Find("language", tag.Language) is { } language && LanguageTag.Parse(language) is { } today)
        {
            tag = tag with { Language = today.Language, Script = tag.Script ?? today.Script, Region = tag.Region ?? today.Region };
        }
        return tag.Region is { } region && Find("region", region) is { } known ? tag with { Region = known } : tag;
    }

    /// <summary>The locales that a text may be in for somebody who reads this one, nearest first.</summary>
    public static IEnumerable<LanguageTag> Chain(LanguageTag tag)
    {
        for (var one = Canonical(tag); one is not null; one = Parent(one))
        {
            yield return one;
            if (SameInOtherWords(one) is { } same)
            {
                yield return same;
            }
        }
    }

    private static LanguageTag? Parent(LanguageTag tag)
    {
        if (tag.Extensions.Length > 0 || tag.Variants.Length > 0)
        {
            return tag with { Extensions = "", Variants = tag.Extensions.Length > 0 ? tag.Variants : "" };
        }
        if ((Find("parent", tag.ToString()) ?? (SameInOtherWords(tag) is { } same ? Find("parent", same.ToString()) : null)) is { } parent)
        {
            return LanguageTag.Parse(parent);
        }
        if (tag.Region is not null)
        {
            return tag with { Region = null, Script = tag.Script ?? UsualScript(tag) };
        }
        // Who reads Traditional Chinese is not served by Simplified: a script that is not the usual one has no parent.
        return tag.Script is { } script && (UsualScript(tag) ?? script) == script ? tag with { Script = null } : null;
    }

    // With the usual script where there is none, or without it where there is.
    private static LanguageTag? SameInOtherWords(LanguageTag tag) => UsualScript(tag) is not { } usual ? null
        : tag.Script is null ? tag with { Script = usual }
        : tag.Script == usual ? tag with { Script = null }
        : null;

    private static string? UsualScript(LanguageTag tag) =>
        (tag.Region is { } region ? Find("script", $"{tag.Language}-{region}") : null) ?? Find("script", tag.Language);

    private static string? Find(string kind, string key) => Data.GetValueOrDefault((kind, key));

    private static FrozenDictionary<(string, string), string> Read()
    {
        using var stream = typeof(CldrLocales).Assembly.GetManifestResourceStream(typeof(CldrLocales), "locales.txt")
            ?? throw new InvalidOperationException("locales.txt is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#')).Select(line => line.Split(' '))
            .ToFrozenDictionary(parts => (parts[0], parts[1]), parts => parts[2]);
    }
}
