using System.Globalization;
using System.Text.RegularExpressions;
using HandlebarsDotNet;
using Notify.Functions.Contract;

namespace Notify.Functions.Templates;

/// <summary>
/// What templates can do beyond Handlebars' own <c>#if</c>, <c>#unless</c>, <c>#each</c>, <c>#with</c> and <c>lookup</c>.
/// </summary>
internal static partial class TemplateHelpers
{
    /// <summary>The data that carries the <see cref="CultureInfo"/>.</summary>
    public const string Culture = "culture";

    /// <summary>The data that carries the <see cref="TimeZoneInfo"/>.</summary>
    public const string Zone = "zone";

    private static readonly Dictionary<string, string> Styles = new(StringComparer.Ordinal)
    {
        ["long"] = "D",
        ["short"] = "d",
        ["time"] = "t",
        ["dateTime"] = "f",
    };

    /// <summary>Adds <c>date</c>, <c>number</c> and <c>eq</c>.</summary>
    public static void Register(IHandlebars handlebars)
    {
        handlebars.RegisterHelper("date", (in HelperOptions options, in Context _, in Arguments arguments) => Date(
            Argument(arguments, 0), arguments.Length > 1 ? Argument(arguments, 1) : "long", (CultureInfo)options.Data[Culture]!,
            (TimeZoneInfo)options.Data[Zone]!));
        handlebars.RegisterHelper("number", (in HelperOptions options, in Context _, in Arguments arguments) => Number(
            Argument(arguments, 0), arguments.Length > 1 ? Argument(arguments, 1) : null, (CultureInfo)options.Data[Culture]!));
        handlebars.RegisterHelper("eq", (in HelperOptions _, in Context _, in Arguments arguments) =>
            arguments.Length == 2 && Text(arguments[0]) is { } one && string.Equals(one, Text(arguments[1]), StringComparison.Ordinal));
    }

    private static string Argument(in Arguments arguments, int index) => index >= arguments.Length
        ? throw TemplateFaultException.Faulty("A helper is called without what it needs.")
        : arguments[index] is UndefinedBindingResult missing
            ? throw TemplateFaultException.Missing(missing.Value)
            : Text(arguments[index]) ?? throw TemplateFaultException.Faulty("A helper is given what is no text, number or boolean.");

    private static string? Text(object? value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(format: null, CultureInfo.InvariantCulture),
        _ => null,
    };

    // A day is the same day everywhere; a moment is shown as the recipient's clock shows it.
    private static string Date(string text, string style, CultureInfo culture, TimeZoneInfo zone)
    {
        var format = Styles.GetValueOrDefault(style, style);
        try
        {
            return Rfc3339.TryParseDate(text, out var day) ? day.ToDateTime(TimeOnly.MinValue).ToString(format, culture)
                : Rfc3339.TryParseDateTime(text, out var moment) ? TimeZoneInfo.ConvertTime(moment, zone).ToString(format, culture)
                : throw TemplateFaultException.Faulty(
                    "'date' is given what is no date by RFC 3339, such as 2026-01-31 or 2026-01-31T09:30:00Z.");
        }
        catch (FormatException)
        {
            throw TemplateFaultException.Faulty(
                $"'{style}' is no style of 'date': long, short, time, dateTime or a format such as dd.MM.yyyy.");
        }
    }

    private static string Number(string text, string? decimals, CultureInfo culture)
    {
        // RFC 8259, section 6: the platform takes blanks, a plus sign and a point without digits too.
        if (!JsonNumber.IsMatch(text) || !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            throw TemplateFaultException.Faulty("'number' is given what is no number.");
        }
        if (decimals is null)
        {
            return number.ToString("N" + number.Scale.ToString(CultureInfo.InvariantCulture), culture);
        }
        return byte.TryParse(decimals, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 28
            ? number.ToString("N" + decimals, culture)
            : throw TemplateFaultException.Faulty("The second argument of 'number' is how many decimals to show, 0 to 28.");
    }

    [GeneratedRegex("^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex JsonNumber { get; }
}
