using System.Globalization;
using System.Text;
using PhoneNumbers;

namespace Notify.Functions.Contract;

/// <summary>
/// The one form of an address, however it was written. Identities are hashes, so only this form is hashed, stored and sent to; it is made
/// where an address enters the service. Pure.
/// </summary>
internal static class AddressNormalizer
{
    // RFC 5321 4.5.3.1 counts octets; 254 is what fits into a path of 256 with its brackets.
    private const int LocalPartOctets = 64;
    private const int EmailOctets = 254;
    private const int LabelLength = 63;
    private const int WrittenPhoneLength = 40;

    // The library wants a region for numbers without "+"; there are none here.
    private const string NoRegion = "ZZ";

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };
    private static readonly Lazy<PhoneNumberUtil> Numbers = new(PhoneNumberUtil.GetInstance);

    /// <summary>
    /// A recipient as events name it: a user's id as it is, <c>mailto:</c> or <c>tel:</c> with the address in its one form. <see
    /// langword="null"/> where it is none of these; a topic is none. A prefix in capitals is no prefix, but the beginning of a user's id.
    /// </summary>
    public static string? Recipient(string text) =>
        text.StartsWith(AddressSyntax.MailPrefix, StringComparison.Ordinal)
            ? Prefixed(AddressSyntax.MailPrefix, Email(text[AddressSyntax.MailPrefix.Length..]))
        : !text.StartsWith(AddressSyntax.PhonePrefix, StringComparison.Ordinal) ? AddressSyntax.IsUser(text) ? text : null
        : text.AsSpan(AddressSyntax.PhonePrefix.Length) is ['+', ..]
            ? Prefixed(AddressSyntax.PhonePrefix, Phone(text[AddressSyntax.PhonePrefix.Length..]))
        : null;

    /// <summary>
    /// An email address with its domain in lower case and ASCII (<c>Jane@BÜCHER.example</c> → <c>Jane@xn--bcher-kva.example</c>). The local
    /// part stays as it is: only its host may interpret it (RFC 5321 2.4). <see langword="null"/> where the text is not a
    /// <c>Dot-string@Domain</c> of RFC 5321, with RFC 6531's letters.
    /// </summary>
    public static string? Email(string text)
    {
        var at = text.LastIndexOf('@');
        if (at <= 0 || !IsLocalPart(text[..at]) || Domain(text[(at + 1)..]) is not { } domain)
        {
            return null;
        }
        var address = string.Concat(text.AsSpan(0, at + 1), domain);
        return Encoding.UTF8.GetByteCount(address) <= EmailOctets ? address : null;
    }

    /// <summary>
    /// A phone number in E.164 from <c>+49 30 1234-567</c> or <c>0049 (30) 1234567</c>. <see langword="null"/> where the country is not
    /// said, where the country has no numbers of this length, and where the trunk prefix of the country's own calls follows its code, as in
    /// <c>+44 0…</c>: a guess would reach somebody else.
    /// </summary>
    /// <remarks>
    /// The length alone decides, not the ranges that are assigned today: those change faster than the library. Digits are never exchanged,
    /// although the library would write some numbers otherwise (Argentina's <c>+54 11 15 …</c>): what is suppressed under them would be
    /// lost.
    /// </remarks>
    public static string? Phone(string text)
    {
        if (text.Length > WrittenPhoneLength || Digits(text) is not { } number)
        {
            return null;
        }
        try
        {
            var parsed = Numbers.Value.Parse(number, NoRegion);
            return Numbers.Value.IsPossibleNumberWithReason(parsed) == PhoneNumberUtil.ValidationResult.IS_POSSIBLE
                && !HasTrunkPrefix(number, parsed)
                ? number
                : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    private static string? Prefixed(string prefix, string? address) => address is null ? null : prefix + address;

    private static bool IsLocalPart(string text) =>
        Encoding.UTF8.GetByteCount(text) <= LocalPartOctets && text.Split('.')
            .All(atom => atom.Length > 0 && atom.EnumerateRunes().All(IsAtomText));

    // An unpaired surrogate comes as the replacement character.
    private static bool IsAtomText(Rune rune) => rune.IsAscii
        ? Rune.IsLetterOrDigit(rune) || "!#$%&'*+-/=?^_`{|}~".Contains((char)rune.Value, StringComparison.Ordinal)
        : rune != Rune.ReplacementChar && !Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune)
        && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format;

    private static string? Domain(string text)
    {
        try
        {
            var domain = (Ascii.IsValid(text) ? text : Idn.GetAscii(text)).ToLowerInvariant();
            return domain.Split('.').All(IsLabel) ? domain : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LabelLength && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static string? Digits(string text)
    {
        var digits = new StringBuilder(text.Length);
        foreach (var character in text)
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
        return number is ['+', not '0', ..] ? number : null;
    }

    // The library takes the prefix away without a word.
    private static bool HasTrunkPrefix(string number, PhoneNumber parsed)
    {
        if (string.Equals(Numbers.Value.Format(parsed, PhoneNumberFormat.E164), number, StringComparison.Ordinal))
        {
            return false;
        }
        var code = parsed.CountryCode.ToString(CultureInfo.InvariantCulture);
        var trunk = Numbers.Value.GetNddPrefixForRegion(Numbers.Value.GetRegionCodeForCountryCode(parsed.CountryCode),
            stripNonDigits: true);
        return trunk is { Length: > 0 } && number.AsSpan(1 + code.Length).StartsWith(trunk, StringComparison.Ordinal);
    }
}
