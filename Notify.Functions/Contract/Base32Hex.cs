using System.Buffers;

namespace Notify.Functions.Contract;

/// <summary>
/// Base32hex in lower case (RFC 4648 section 7): <c>0-9a-v</c>, whose text sorts as its bytes do, and which is safe in keys and URLs.
/// </summary>
internal static class Base32Hex
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";
    private static readonly SearchValues<char> Allowed = SearchValues.Create(Digits);

    /// <summary>Bytes to ⌈bits / 5⌉ characters, the last padded with zero bits.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[((bytes.Length * 8) + 4) / 5];
        var (buffer, bits, at) = (0, 0, 0);
        foreach (var value in bytes)
        {
            buffer = (buffer << 8) | value;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[at++] = Digits[(buffer >> bits) & 31];
            }
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0)
        {
            text[at] = Digits[(buffer << (5 - bits)) & 31];
        }
        return new string(text);
    }

    /// <summary>A number of at most 5 × <paramref name="width"/> bits, in fixed width.</summary>
    public static string Encode(long number, int width)
    {
        var text = new char[width];
        for (var at = width - 1; at >= 0; at--)
        {
            text[at] = Digits[(int)(number & 31)];
            number >>= 5;
        }
        return new string(text);
    }

    /// <summary>Reads a number back; <see langword="false"/> on any other character.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        foreach (var digit in text)
        {
            var value = Digits.IndexOf(digit, StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }
            number = (number << 5) | (uint)value;
        }
        return true;
    }

    /// <summary>Whether the text has only digits of this alphabet.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Allowed);
}
