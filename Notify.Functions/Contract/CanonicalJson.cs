using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>
/// JSON in one spelling: members in the order of their names, numbers by their value, no white space, one way of escaping. Two texts that
/// mean the same are the same text here.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>
    /// Writes a value whose texts are all Unicode (<see cref="NotifyJson.IsText"/>) and whose objects have each member once.
    /// </summary>
    public static void Write(Utf8JsonWriter json, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(property.Name);
                    Write(json, property.Value);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(json, item);
                }
                json.WriteEndArray();
                break;
            case JsonValueKind.Number:
                json.WriteRawValue(Number(element.GetRawText()));
                break;
            case JsonValueKind.String:
                json.WriteStringValue(NotifyJson.TextOf(element));
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }

    /// <summary>
    /// A number as digits without zeros at either end, and an exponent: <c>1.50</c>, <c>15e-1</c> and <c>0.15E+1</c> are <c>15e-1</c>.
    /// Exact: a double would take two long numbers for one.
    /// </summary>
    internal static string Number(string text)
    {
        var mark = text.AsSpan().IndexOfAny('e', 'E');
        var exponent = mark < 0
            ? BigInteger.Zero : BigInteger.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var digits = (mark < 0 ? text : text[..mark]).TrimStart('-');
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            exponent -= digits.Length - point - 1;
            digits = digits.Remove(point, 1);
        }
        var significant = digits.TrimEnd('0');
        exponent += digits.Length - significant.Length;
        significant = significant.TrimStart('0');
        return significant.Length == 0
            ? "0" : string.Create(CultureInfo.InvariantCulture, $"{(text[0] == '-' ? "-" : "")}{significant}e{exponent}");
    }
}
