using System.Text.RegularExpressions;

namespace Notify.Functions.Contract;

/// <summary>The grammar of <c>URI-reference</c>, RFC 3986, section 4.1 and appendix A.</summary>
internal static partial class UriReference
{
    private const string Encoded = "%[0-9A-Fa-f]{2}";
    private const string Unreserved = "A-Za-z0-9._~!$&'()*+,;=\\-"; // with the sub-delims
    private const string Segment = "(?:[" + Unreserved + ":@]|" + Encoded + ")";
    private const string Rootless = Segment + "+(?:/" + Segment + "*)*";
    private const string Authority = "//(?:(?:[" + Unreserved + ":]|" + Encoded + ")*@)?(?:\\[[0-9A-Za-z:.]+\\]|(?:[" + Unreserved + "]|"
        + Encoded + ")*)(?::[0-9]*)?(?:/" + Segment + "*)*";
    private const string Tail = "(?:[" + Unreserved + ":@/?]|" + Encoded + ")*";

    /// <summary>Whether a text is one; also where it is relative.</summary>
    public static bool IsValid(string text) => Grammar().IsMatch(text);

    // The first segment of a relative path has no colon, for it would be a scheme.
    [GeneratedRegex(
        "^(?:[A-Za-z][A-Za-z0-9+.-]*:(?:" + Authority + "|/?(?:" + Rootless + ")?)|" + Authority + "|/(?:" + Rootless + ")?|(?:["
            + Unreserved + "@]|" + Encoded + ")+(?:/" + Segment + "*)*|)"
        + "(?:\\?" + Tail + ")?(?:#" + Tail + ")?\\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Grammar();
}
