using System.Runtime.CompilerServices;
using System.Text;
using Notify.Functions.Contract;

namespace Notify.LocalHost.Tools;

/// <summary>Reads a file line by line, as its bytes, never all in memory.</summary>
internal static class FileLines
{
    /// <summary>Streams the lines that are not empty, without their ends and without a byte order mark.</summary>
    public static async IAsyncEnumerable<FileLine> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // In Latin-1 every byte is one character, so that nothing is lost on the way, whatever the bytes are.
        using var reader = new StreamReader(path, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        for (var number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            var bytes = Encoding.Latin1.GetBytes(line);
            var content = number == 1 ? Utf8Text.WithoutMark(bytes).ToArray() : bytes;
            if (content.Length > 0)
            {
                yield return new FileLine(number, content);
            }
        }
    }
}

/// <summary>One line of a file.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Bytes">What stands in it.</param>
internal sealed record FileLine(int Number, byte[] Bytes)
{
    /// <summary>The line as text; <see langword="null"/> where it is not UTF-8.</summary>
    public string? Text => Utf8Text.Read(Bytes);
}
