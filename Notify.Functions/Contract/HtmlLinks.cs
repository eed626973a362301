using System.Text.RegularExpressions;

namespace Notify.Functions.Contract;

/// <summary>The links of an HTML text: what a click, or the sending of a form, follows.</summary>
internal static partial class HtmlLinks
{
    /// <summary>Whether every link in it is let through (<see cref="Links"/>).</summary>
    public static bool AreAllowed(string html) =>
        Written.Matches(html).All(match => IsAllowed(match.Groups["value"].Value.Trim('"', '\'')));

    // A scheme has no reason to hold a character reference. Where it does, it is not what it looks like.
    private static bool IsAllowed(string link)
    {
        var end = link.AsSpan().IndexOfAny(":/?#");
        return !link.AsSpan(0, end < 0 ? link.Length : end).Contains('&') && Links.IsAllowed(link);
    }

    // Attributes by the HTML standard, section 13.1.2.3: white space around the equals sign; double quotes, single ones or none.
    // formaction and xlink:href are found by their ends.
    [GeneratedRegex(
        "(?:href|action)\\s*=\\s*(?<value>\"[^\"]*\"?|'[^']*'?|[^\\s\"'>]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Written { get; }
}
