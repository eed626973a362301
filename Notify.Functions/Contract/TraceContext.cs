using System.Text.RegularExpressions;

namespace Notify.Functions.Contract;

/// <summary>The W3C trace context.</summary>
internal static partial class TraceContext
{
    /// <summary>
    /// Whether a text is a <c>traceparent</c> of version 00: four fields of lower-case hexadecimal digits, neither id all zeros.
    /// </summary>
    public static bool IsTraceParent(string? text) => text is not null
        && TraceParent().IsMatch(text)
        && text.AsSpan(3, 32).ContainsAnyExcept('0')
        && text.AsSpan(36, 16).ContainsAnyExcept('0');

    [GeneratedRegex("^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex TraceParent();
}
