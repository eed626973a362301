using System.Buffers;

namespace Notify.Functions.Sending.Sms;

/// <summary>How a text goes out, and what it costs.</summary>
/// <param name="Encoding">The alphabet, GSM-7 only where it has every character.</param>
/// <param name="Units">The length in septets or UTF-16 code units; an extension character counts two septets.</param>
/// <param name="Count">How many messages it is billed as; an empty text counts as one.</param>
internal readonly record struct SmsSegments(SmsEncoding Encoding, int Units, int Count)
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ "
            + "!\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Escaped = "\f^{}\\[~]|€";

    private static readonly SearchValues<char> Extension = SearchValues.Create(Escaped);
    private static readonly SearchValues<char> Gsm7 = SearchValues.Create(Basic + Escaped);

    /// <summary>Counts the segments of a text.</summary>
    public static SmsSegments Measure(string text) => text.AsSpan().ContainsAnyExcept(Gsm7)
        ? Measure(text, SmsEncoding.Ucs2, single: 70, several: 67)
        : Measure(text, SmsEncoding.Gsm7, single: 160, several: 153);

    private static SmsSegments Measure(string text, SmsEncoding encoding, int single, int several)
    {
        var (units, count, used) = (0, 1, 0);
        for (var at = 0; at < text.Length; at++)
        {
            // A pair (an escape and its character, or two surrogates) is never split between segments.
            var isSurrogatePair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            var width = isSurrogatePair || (encoding == SmsEncoding.Gsm7 && Extension.Contains(text[at])) ? 2 : 1;
            at += isSurrogatePair ? 1 : 0;
            units += width;
            if (used + width > several)
            {
                count++;
                used = 0;
            }
            used += width;
        }
        return new SmsSegments(encoding, units, units <= single ? 1 : count);
    }
}

/// <summary>The two alphabets of text messages.</summary>
internal enum SmsEncoding
{
    /// <summary>
    /// The GSM 7-bit default alphabet with its extension table (3GPP TS 23.038): 160 characters, 153 a segment of several.
    /// </summary>
    Gsm7 = 1,

    /// <summary>UTF-16: 70 code units, 67 a segment of several.</summary>
    Ucs2 = 2,
}
