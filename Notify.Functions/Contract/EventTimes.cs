using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Notify.Functions.Contract;

/// <summary>The times the contract takes: in the years 2000 to 2999 by UTC, kept in whole milliseconds.</summary>
internal static partial class EventTimes
{
    /// <summary>Whether a time can be written and read back.</summary>
    public static bool IsInRange(DateTimeOffset time) => time.UtcDateTime.Year is >= 2000 and < 3000;

    /// <summary>ISO 8601 as <c>event.v1</c> takes it: a date alone, or a time without an offset, is UTC.</summary>
    public static bool TryReadLenient(JsonElement element, out DateTimeOffset time)
    {
        time = default;
        return JsonText.TryGetString(element, out var text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
            && element.TryGetDateTimeOffset(out _)
            && Accept(ref time);
    }

    /// <summary>RFC 3339 with an offset.</summary>
    public static bool TryParseStrict(string? text, out DateTimeOffset time)
    {
        time = default;
        return text is not null
            && Strict().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out time)
            && Accept(ref time);
    }

    /// <summary>The time without what is finer than a millisecond.</summary>
    public static DateTimeOffset WholeMilliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    private static bool Accept(ref DateTimeOffset time)
    {
        if (!IsInRange(time))
        {
            return false;
        }
        time = WholeMilliseconds(time.ToUniversalTime());
        return true;
    }

    // \z, for $ also matches before a line feed at the end.
    [GeneratedRegex("^2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Strict();
}
