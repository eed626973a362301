using System.Text.Encodings.Web;
using System.Text.Unicode;
using Notify.Functions.Contract;

namespace Notify.Functions.Providers;

/// <summary>What an email says, whoever sends it: a subject and two bodies.</summary>
internal static class EmailText
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The title in one line, as a header must be.</summary>
    public static string Subject(MessageContent content) =>
        content.Title.Any(char.IsControl) ? string.Concat(content.Title.Select(c => char.IsControl(c) ? ' ' : c)) : content.Title;

    /// <summary>The text, and under it where the click leads and where to unsubscribe, if anywhere.</summary>
    public static string Plain(MessageContent content, string? unsubscribe = null, string unsubscribeText = "")
    {
        var text = Link(content) is { } url && !content.Text.Contains(url, StringComparison.Ordinal)
            ? $"{content.Text}\n\n{url}" : content.Text;
        return unsubscribe is null ? text : $"{text}\n\n--\n{unsubscribeText}: {unsubscribe}";
    }

    /// <summary>The HTML that was given, or the text with its lines and a link; and where to unsubscribe, if anywhere.</summary>
    public static string Html(MessageContent content, string? unsubscribe = null, string unsubscribeText = "")
    {
        var html = Body(content);
        if (unsubscribe is null)
        {
            return html;
        }
        var footer = $"<p style=\"font-size:small\"><a href=\"{Encoder.Encode(unsubscribe)}\">{Encoder.Encode(unsubscribeText)}</a></p>";
        var end = html.LastIndexOf("</body>", StringComparison.OrdinalIgnoreCase);
        return end < 0 ? html + footer : html.Insert(end, footer);
    }

    private static string Body(MessageContent content)
    {
        if (content.Html is { Length: > 0 } html)
        {
            return html;
        }
        var lines = content.Text.ReplaceLineEndings("\n").Split('\n').Select(Encoder.Encode);
        var link = Link(content) is { } url ? $"<p><a href=\"{Encoder.Encode(url)}\">{Encoder.Encode(url)}</a></p>" : "";
        return $"<p>{string.Join("<br>", lines)}</p>{link}";
    }

    /// <summary>A link that a mail program opens in a browser; nothing else belongs into an <c>href</c>.</summary>
    private static string? Link(MessageContent content) => Links.IsWeb(content.Url) ? content.Url : null;
}
