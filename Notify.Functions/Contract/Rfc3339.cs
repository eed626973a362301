using System.Globalization;

namespace Notify.Functions.Contract;

/// <summary>
/// Dates and times by the grammar of RFC 3339, section 5.6: all of it (<c>t</c> and <c>z</c> in lower case, any offset up to 23:59, leap
/// seconds) and nothing beyond it. The platform's own parser takes <c>12:00</c> for noon today.
/// </summary>
internal static class Rfc3339
{
    private const int DateLength = 10;
    private const int SecondsLength = 19;
    private const int OffsetLength = 6;
    private const int TickDigits = 7;

    /// <summary>A <c>full-date</c>, such as <c>2026-01-31</c>.</summary>
    public static bool TryParseDate(ReadOnlySpan<char> text, out DateOnly date)
    {
        date = default;
        if (text.Length != DateLength || text[4] != '-' || text[7] != '-'
            || !TryNumber(text[..4], 1, 9999, out var year)
            || !TryNumber(text[5..7], 1, 12, out var month)
            || !TryNumber(text[8..], 1, DateTime.DaysInMonth(year, month), out var day))
        {
            return false;
        }
        date = new DateOnly(year, month, day);
        return true;
    }

    /// <summary>
    /// A <c>date-time</c>, such as <c>2026-01-31T09:30:00.5+01:00</c>, in UTC and to the tick. A leap second is the second after it, as in
    /// POSIX time.
    /// </summary>
    public static bool TryParseDateTime(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length <= SecondsLength || text[DateLength] is not ('T' or 't') || text[13] != ':' || text[16] != ':'
            || !TryParseDate(text[..DateLength], out var date)
            || !TryNumber(text[11..13], 0, 23, out var hour)
            || !TryNumber(text[14..16], 0, 59, out var minute)
            || !TryNumber(text[17..SecondsLength], 0, 60, out var second)
            || !TryFraction(text[SecondsLength..], out var fraction, out var rest)
            || !TryOffset(rest, out var offset))
        {
            return false;
        }
        var ticks = date.ToDateTime(new TimeOnly(hour, minute)).Ticks - offset;
        if (second == 60 && !IsLastMinuteOfMonth(ticks))
        {
            return false;
        }
        ticks += (second * TimeSpan.TicksPerSecond) + fraction;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    // Section 5.7: a second 60 stands only at the end of a month, by UTC. In which months nobody can know in advance.
    private static bool IsLastMinuteOfMonth(long ticks)
    {
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }
        var minute = new DateTime(ticks, DateTimeKind.Utc);
        return minute is { Hour: 23, Minute: 59 } && minute.Day == DateTime.DaysInMonth(minute.Year, minute.Month);
    }

    // Any number of digits; what is finer than a tick is cut off.
    private static bool TryFraction(ReadOnlySpan<char> text, out long ticks, out ReadOnlySpan<char> rest)
    {
        ticks = 0;
        rest = text;
        if (text is not ['.', ..])
        {
            return true;
        }
        var digits = text[1..].IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0)
        {
            return false;
        }
        for (var at = 0; at < TickDigits; at++)
        {
            ticks = (ticks * 10) + (at < digits ? text[at + 1] - '0' : 0);
        }
        rest = text[(digits + 1)..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        if (text is "Z" or "z")
        {
            return true;
        }
        if (text.Length != OffsetLength || text[0] is not ('+' or '-') || text[3] != ':'
            || !TryNumber(text[1..3], 0, 23, out var hours)
            || !TryNumber(text[4..], 0, 59, out var minutes))
        {
            return false;
        }
        ticks = ((hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute)) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, int least, int most, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
}
