using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Notify.Functions.Contract;

namespace Notify.Functions.Templates;

/// <summary>What a template says on one channel in one language: <c>{channel}.{locale}.hbs</c>, cut into its parts.</summary>
/// <param name="Name">The file's path below the folder, for people.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Locale">The locale; empty for the default.</param>
/// <param name="Parts">The parts' Handlebars text by <see cref="Subject"/>, <see cref="Title"/>, <see cref="Text"/>,
/// <see cref="Html"/>.</param>
/// <param name="Layout">The layout around the HTML, if any.</param>
internal sealed partial record TemplateFile(
    string Name, Channel Channel, string Locale, IReadOnlyDictionary<string, string> Parts, string? Layout)
{
    /// <summary>An email's subject.</summary>
    public const string Subject = "subject";

    /// <summary>The title of a push message or an inbox item.</summary>
    public const string Title = "title";

    /// <summary>The plain text.</summary>
    public const string Text = "text";

    /// <summary>An email's HTML body.</summary>
    public const string Html = "html";

    /// <summary>The part that becomes the message's title; a text message has none.</summary>
    public static string? TitlePart(Channel channel) => channel switch
    {
        Channel.Email => Subject,
        Channel.Push or Channel.InApp => Title,
        _ => null,
    };

    /// <summary>Cuts a file at its lines <c>--- part</c>; one that begins without is all text.</summary>
    /// <exception cref="TemplateFileException">A line, or a part, does not belong there, or a part is missing.</exception>
    public static TemplateFile Parse(string name, Channel channel, string locale, string content)
    {
        var parts = new Dictionary<string, StringBuilder>(StringComparer.Ordinal);
        StringBuilder? current = null;
        string? layout = null;
        var number = 0;
        foreach (var line in content.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (line.StartsWith("--- ", StringComparison.Ordinal))
            {
                var match = Marker().Match(line.TrimEnd());
                var part = match.Groups["part"].Value;
                if (!match.Success || !Allowed(channel).Contains(part, StringComparer.Ordinal)
                    || (match.Groups["layout"].Success && part is not Html) || !parts.TryAdd(part, current = new StringBuilder()))
                {
                    throw new TemplateFileException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name}, line {number}: a part of {channel.Name()} begins with '--- ' and one "
                            + $"of {string.Join(", ", Allowed(channel))}, each once; html may add layout=NAME."));
                }
                layout = match.Groups["layout"].Success ? match.Groups["layout"].Value : layout;
            }
            else if (current is not null)
            {
                current.Append(line).Append('\n');
            }
            else if (!string.IsNullOrWhiteSpace(line))
            {
                parts.Add(Text, current = new StringBuilder(line).Append('\n'));
            }
        }
        var file = new TemplateFile(name, channel, locale,
            parts.ToDictionary(part => part.Key, part => part.Value.ToString().Trim('\n'), StringComparer.Ordinal), layout);
        return Needed(channel).FirstOrDefault(part => !file.Parts.ContainsKey(part)) is { } missing
            ? throw new TemplateFileException($"{name}: the part '{missing}' is missing.")
            : file;
    }

    private static IEnumerable<string> Needed(Channel channel) => TitlePart(channel) is { } title ? [title, Text] : [Text];

    private static IEnumerable<string> Allowed(Channel channel) => channel == Channel.Email ? [Subject, Text, Html] : Needed(channel);

    [GeneratedRegex("^--- (?<part>[a-z]+)( layout=(?<layout>[A-Za-z0-9_-]+))?\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Marker();
}
