using System.Text;
using System.Text.Unicode;

namespace Notify.Functions.Contract;

/// <summary>Reads files as UTF-8 and nothing else: other bytes would be kept as replacement characters, and nobody would know.</summary>
internal static class Utf8Text
{
    private static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    /// <summary>The first line, from 1, that is not UTF-8; <see langword="null"/> where all of it is.</summary>
    public static int? FaultyLine(ReadOnlySpan<byte> bytes)
    {
        var number = 0;
        // No line break is a part of another character.
        foreach (var line in bytes.Split((byte)'\n'))
        {
            number++;
            if (!Utf8.IsValid(bytes[line]))
            {
                return number;
            }
        }
        return null;
    }

    /// <summary>The text without its byte order mark; <see langword="null"/> where it is not UTF-8.</summary>
    public static string? Read(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(WithoutMark(bytes)) : null;

    /// <summary>The bytes without the byte order mark before them.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Mark) ? bytes[Mark.Length..] : bytes;
}
