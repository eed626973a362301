using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>The times the contract takes: in the years 2000 to 2999, as they are written and by UTC, kept in whole milliseconds.</summary>
internal static class EventTimes
{
    private const int DateLength = 10;
    private const int MinutesLength = 16;

    /// <summary>Whether a time can be written and read back.</summary>
    public static bool IsInRange(DateTimeOffset time) => time.UtcDateTime.Year is >= 2000 and < 3000;

    /// <summary>RFC 3339 as <c>event.v1</c> takes it: a date alone, or a time without an offset, is UTC; seconds may be left out.</summary>
    public static bool TryReadLenient(JsonElement element, out DateTimeOffset time) =>
        TryParseLenient(NotifyJson.TryGetString(element, out var text) ? text : null, out time);

    /// <inheritdoc cref="TryReadLenient"/>
    public static bool TryParseLenient(string? text, out DateTimeOffset time) =>
        TryParseStrict(text is null ? null : Complete(text), out time);

    /// <summary>RFC 3339 with an offset.</summary>
    public static bool TryParseStrict(string? text, out DateTimeOffset time)
    {
        time = default;
        return text is ['2', ..] && Rfc3339.TryParseDateTime(text, out time) && Accept(ref time);
    }

    /// <summary>The time without what is finer than a millisecond.</summary>
    public static DateTimeOffset WholeMilliseconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    // With what may be left out; whether the rest is a time is the parser's question.
    private static string Complete(string text)
    {
        if (text.Length == DateLength)
        {
            return text + "T00:00:00Z";
        }
        if (text.Length < MinutesLength)
        {
            return text;
        }
        var rest = text[MinutesLength..];
        var seconds = rest is [] or ['Z' or 'z' or '+' or '-', ..] ? ":00" : "";
        var offset = rest.AsSpan().IndexOfAny("Zz+-") < 0 ? "Z" : "";
        return string.Concat(text.AsSpan(0, MinutesLength), seconds, rest, offset);
    }

    private static bool Accept(ref DateTimeOffset time)
    {
        if (!IsInRange(time))
        {
            return false;
        }
        time = WholeMilliseconds(time);
        return true;
    }
}
