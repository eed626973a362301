using System.Globalization;

namespace Azure.Data.Tables;

/// <summary>Writes a value as a filter has it: https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities.</summary>
internal static class ODataLiteral
{
    public static string Of(object? value) => value switch
    {
        string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        bool flag => flag ? "true" : "false",
        int number => number.ToString(CultureInfo.InvariantCulture),
        long number => number.ToString(CultureInfo.InvariantCulture) + "L",
        double number => Double(number),
        DateTimeOffset time => $"datetime'{Time(time)}'",
        Guid guid => $"guid'{guid:D}'",
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        _ => throw new ArgumentException($"A filter cannot hold a value of type {value?.GetType().ToString() ?? "null"}.", nameof(value)),
    };

    /// <summary>A point in time, in UTC, to the service's seven decimals.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    // 1 is an Edm.Int32 there and 1.0 an Edm.Double.
    private static string Double(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.All(c => char.IsAsciiDigit(c) || c == '-') ? text + ".0" : text;
    }
}
