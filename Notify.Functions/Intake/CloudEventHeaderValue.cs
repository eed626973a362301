using System.Globalization;
using System.Text;

namespace Notify.Functions.Intake;

/// <summary>
/// An attribute's value in an HTTP header, by section 3.1.3.2 of the HTTP binding of CloudEvents 1.0.2: a quoted string is taken out of its
/// quotes (RFC 9110, section 5.6.4), then percent-encoding is undone once (RFC 3986, section 2.1).
/// </summary>
internal static class CloudEventHeaderValue
{
    /// <summary>
    /// The bytes, which the reader takes as UTF-8 only; <see langword="null"/> where a quote is not closed, or a percent sign has no two
    /// hexadecimal digits behind it.
    /// </summary>
    public static byte[]? Decode(string value)
    {
        if (Unquoted(value) is not { } text)
        {
            return null;
        }
        var utf8 = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var at = 0; at < utf8.Length; at++)
        {
            var octet = utf8[at];
            if (octet == (byte)'%')
            {
                if (at + 2 >= utf8.Length
                    || !byte.TryParse(utf8.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out octet))
                {
                    return null;
                }
                at += 2;
            }
            utf8[length++] = octet;
        }
        return utf8[..length];
    }

    private static string? Unquoted(string value)
    {
        if (value is not ['"', ..])
        {
            return value;
        }
        var text = new StringBuilder(value.Length);
        for (var at = 1; at < value.Length; at++)
        {
            if (value[at] == '"')
            {
                return at == value.Length - 1 ? text.ToString() : null;
            }
            at += value[at] == '\\' ? 1 : 0;
            text.Append(at < value.Length ? value[at] : '\\');
        }
        return null;
    }
}
