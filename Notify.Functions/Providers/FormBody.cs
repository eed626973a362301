using System.Net;
using System.Text;

namespace Notify.Functions.Providers;

/// <summary>
/// <c>application/x-www-form-urlencoded</c>, fields in order. Unlike ASP.NET Core's form it tells keys apart by case, as signatures do.
/// </summary>
internal static class FormBody
{
    /// <summary>Writes the fields that have a value.</summary>
    public static byte[] Write(IEnumerable<KeyValuePair<string, string?>> fields) =>
        Encoding.ASCII.GetBytes(string.Join('&', fields
            .Where(field => field.Value is not null)
            .Select(field => Uri.EscapeDataString(field.Key) + "=" + Uri.EscapeDataString(field.Value!))));

    /// <summary>Reads the fields; one without <c>=</c> has an empty value.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(ReadOnlySpan<byte> body) => Read(Encoding.UTF8.GetString(body));

    /// <inheritdoc cref="Read(ReadOnlySpan{byte})"/>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string text)
    {
        var fields = new List<KeyValuePair<string, string>>();
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            fields.Add(new(WebUtility.UrlDecode(key), WebUtility.UrlDecode(value)));
        }
        return fields;
    }

    /// <summary>The first value of a field, or <see langword="null"/>.</summary>
    public static string? Value(this IReadOnlyList<KeyValuePair<string, string>> fields, string key)
    {
        foreach (var field in fields)
        {
            if (field.Key == key)
            {
                return field.Value;
            }
        }
        return null;
    }
}
