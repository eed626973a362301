namespace Notify.Functions.Contract;

/// <summary>
/// Which links are let through: the one rule for events of every version, for the HTML of events and templates, and for what each channel
/// shows. Apps have schemes of their own. So the schemes are named that lead nowhere: they run as a script, carry their content with them,
/// or reach into the reader's own machine.
/// </summary>
internal static class Links
{
    /// <summary>The schemes that are not let through.</summary>
    public static IReadOnlyList<string> Refused { get; } = ["javascript", "vbscript", "data", "blob", "file", "filesystem"];

    private static readonly string[] Web = ["https", "http"];

    /// <summary>Whether a link may be shown and followed. One without a scheme may.</summary>
    public static bool IsAllowed(string link) =>
        SchemeOf(link) is not { } scheme || !Refused.Contains(scheme, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a mail program opens it in a browser; a mail that is made from a text has no other <c>href</c>.</summary>
    public static bool IsWeb(string? link) => link is not null
        && !link.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
        && SchemeOf(link) is { } scheme && Web.Contains(scheme, StringComparer.OrdinalIgnoreCase)
        && link.AsSpan(scheme.Length) is [':', '/', '/', _, ..];

    /// <summary>
    /// The scheme as browsers find it (the URL standard, section 4.4): control characters and blanks before it do not count, nor do tabs
    /// and line breaks anywhere in it.
    /// </summary>
    private static string? SchemeOf(string link)
    {
        var start = 0;
        while (start < link.Length && link[start] <= ' ')
        {
            start++;
        }
        var end = link.IndexOf(':', start);
        if (end < 0)
        {
            return null;
        }
        var scheme = string.Concat(link[start..end].Split('\t', '\n', '\r'));
        var isOne = scheme.Length > 0 && char.IsAsciiLetter(scheme[0])
            && scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.');
        return isOne ? scheme : null;
    }
}
