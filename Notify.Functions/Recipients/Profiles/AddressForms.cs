using System.Globalization;
using System.Text;
using Notify.Functions.Contract;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>The one way in which an address is kept, whichever way it was written. Pure.</summary>
internal static class AddressForms
{
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>
    /// An email address with its domain in lower case and ASCII (<c>Jane@BÜCHER.example</c> → <c>Jane@xn--bcher-kva.example</c>); the part before the sign is the
    /// receiver's business. <see langword="null"/> where it is none.
    /// </summary>
    public static string? Email(string text)
    {
        var trimmed = text.Trim();
        var at = trimmed.LastIndexOf('@');
        if (at <= 0 || at == trimmed.Length - 1)
        {
            return null;
        }
        try
        {
            var address = trimmed[..(at + 1)] + Idn.GetAscii(trimmed[(at + 1)..]).ToLowerInvariant();
            return Addresses.IsEmail(address) ? address : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// A phone number in E.164 from <c>+49 30 1234-567</c> or <c>0049 (30) 1234567</c>. <see langword="null"/> where it is none, or where
    /// the country is not said: a guess would reach somebody else.
    /// </summary>
    public static string? Phone(string text)
    {
        var digits = new StringBuilder(text.Length);
        foreach (var character in text.Trim())
        {
            if (char.IsAsciiDigit(character) || (character == '+' && digits.Length == 0))
            {
                digits.Append(character);
            }
            else if (character is not (' ' or '-' or '.' or '/' or '(' or ')' or '\u00A0'))
            {
                return null;
            }
        }
        // "+44 (0) 20 …": the 0 is dialled inside the country only.
        if (text.Contains("(0)", StringComparison.Ordinal))
        {
            return null;
        }
        var number = digits.ToString();
        number = number.StartsWith("00", StringComparison.Ordinal) ? string.Concat("+", number.AsSpan(2)) : number;
        return Addresses.IsPhone(number) ? number : null;
    }
}
