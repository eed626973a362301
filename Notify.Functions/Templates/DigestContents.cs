using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Templates;

/// <summary>
/// What digests say: the template <c>_digest</c> in the recipient's language. Its variables are <c>count</c>, <c>title</c> where there is
/// one item only, and <c>items</c>, each with <c>title</c> and, where it has them, <c>text</c>, <c>url</c> and <c>category</c>.
/// </summary>
public sealed class DigestContents(TemplateRenderer templates)
{
    /// <summary>The content of a digest of at least one entry.</summary>
    public Rendering Render(IReadOnlyList<DigestEntry> entries, Channel channel, RecipientProfile recipient)
    {
        var (template, fault) = templates.Find(TemplateLibrary.Digest, channel, recipient);
        if (template is null)
        {
            return fault!;
        }
        var items = entries.Select(ItemOf).ToList();
        var payload = JsonSerializer.SerializeToElement(
            new { count = items.Count, title = items.Count == 1 ? entries[0].Title : null, items }, NotifyJson.Options);
        var rendering = template.Render(payload, TemplateVariables.From(payload), recipient, templates.DataOf(template.File, recipient));
        return rendering.Content is { } content
            ? rendering with { Content = content with { Text = content.Text.TrimEnd('\n') } } : rendering;
    }

    /// <summary>The titles alone, for where the template cannot say it.</summary>
    public static MessageContent Plain(IReadOnlyList<DigestEntry> entries) =>
        new(entries[0].Title, string.Join('\n', entries.Select(entry => "• " + entry.Title)));

    // Where the title is only the beginning of the text, it would be said twice.
    private static Item ItemOf(DigestEntry entry) => entry.Text.StartsWith(entry.Title.TrimEnd('…'), StringComparison.Ordinal)
        ? new Item(entry.Text, Text: null, entry.Url, entry.Category)
        : new Item(entry.Title, entry.Text, entry.Url, entry.Category);

    private sealed record Item(string Title, string? Text, string? Url, string? Category);
}
