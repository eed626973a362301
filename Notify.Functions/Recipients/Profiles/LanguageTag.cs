using System.Text.RegularExpressions;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>
/// A language tag by the grammar of BCP 47 (<c>langtag</c>, RFC 5646, section 2.1), in its usual cases. An extended language stands for
/// itself (<c>zh-yue</c> → <c>yue</c>, section 4.5). Tags that are private or grandfathered as a whole are none here.
/// </summary>
/// <param name="Language">Two or three letters: <c>de</c>.</param>
/// <param name="Script">Four letters: <c>Hant</c>.</param>
/// <param name="Region">Two letters or three digits: <c>AT</c>, <c>419</c>.</param>
/// <param name="Variants">Empty, or all of them with the hyphens before them: <c>-1996</c>.</param>
/// <param name="Extensions">Empty, or extensions and private use with the hyphens before them: <c>-u-ca-gregory</c>.</param>
internal sealed partial record LanguageTag(
    string Language, string? Script = null, string? Region = null, string Variants = "", string Extensions = "")
{
    /// <summary>The tag in its usual cases; <see langword="null"/> where it is none.</summary>
    public static string? Normalize(string text) => Parse(text)?.ToString();

    /// <summary>Reads a tag in whatever case, with hyphens or, as Unicode's own locale identifiers may have them, low lines.</summary>
    public static LanguageTag? Parse(string text)
    {
        var match = Grammar().Match(text.Replace('_', '-').ToLowerInvariant());
        if (!match.Success
            || HasTwice(match.Groups["variants"].Value.Split('-', StringSplitOptions.RemoveEmptyEntries))
            || HasTwice(Singletons(match.Groups["extensions"].Value)))
        {
            return null;
        }
        var (extended, script, region) = (match.Groups["extended"], match.Groups["script"], match.Groups["region"]);
        return new LanguageTag(
            extended.Success ? extended.Value : match.Groups["language"].Value,
            script.Success ? char.ToUpperInvariant(script.Value[0]) + script.Value[1..] : null,
            region.Success ? region.Value.ToUpperInvariant() : null,
            match.Groups["variants"].Value,
            match.Groups["extensions"].Value + match.Groups["private"].Value);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Concat(Language, Script is null ? "" : "-" + Script, Region is null ? "" : "-" + Region, Variants + Extensions);

    private static IEnumerable<string> Singletons(string extensions) => extensions.Split('-').Where(part => part.Length == 1);

    private static bool HasTwice(IEnumerable<string> parts) =>
        parts.GroupBy(part => part, StringComparer.Ordinal).Any(part => part.Skip(1).Any());

    // Languages of four and of five to eight letters are in the grammar, and in no registry.
    [GeneratedRegex(
        "^(?<language>[a-z]{2,3})(?:-(?<extended>[a-z]{3})){0,3}(?:-(?<script>[a-z]{4}))?(?:-(?<region>[a-z]{2}|[0-9]{3}))?"
        + "(?<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
        + "(?<extensions>(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*)(?<private>(?:-x(?:-[a-z0-9]{1,8})+)?)\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Grammar();
}
