using System.Collections.Frozen;

namespace Notify.Sandbox.Twilio;

/// <summary>
/// How many segments a text takes (3GPP TS 23.038 and 23.040;
/// <see href="https://www.twilio.com/docs/glossary/what-sms-character-limit">SMS character limit</see>).
/// </summary>
internal static class Segments
{
    private static readonly FrozenSet<char> Basic =
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
            + "¿abcdefghijklmnopqrstuvwxyzäöñüà").ToFrozenSet();

    private static readonly FrozenSet<char> Extended = "\f^{}\\[~]|€".ToFrozenSet();

    /// <summary>The number of segments; an empty text takes one.</summary>
    public static int Count(string text)
    {
        if (text.All(c => Basic.Contains(c) || Extended.Contains(c)))
        {
            return Count(text.Select(c => Extended.Contains(c) ? 2 : 1), one: 160, several: 153);
        }
        return Count(Units(text), one: 70, several: 67);
    }

    /// <summary>A surrogate pair stays in one segment.</summary>
    private static IEnumerable<int> Units(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            yield return isPair ? 2 : 1;
            i += isPair ? 1 : 0;
        }
    }

    private static int Count(IEnumerable<int> characters, int one, int several)
    {
        var widths = characters.ToList();
        if (widths.Sum() <= one)
        {
            return 1;
        }
        var segments = 1;
        var used = 0;
        foreach (var width in widths)
        {
            if (used + width > several)
            {
                segments++;
                used = 0;
            }
            used += width;
        }
        return segments;
    }
}
