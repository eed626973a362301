using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Unsubscribe;

namespace Notify.Functions.Templates;

/// <summary>
/// The page behind an unsubscribe link, in the recipient's language: no script, nothing from elsewhere, nothing that names the recipient.
/// </summary>
public sealed class UnsubscribePage(TemplateRenderer templates)
{
    /// <summary>The field by which the page's own form says that it is one.</summary>
    internal const string MarkerField = "form";

    /// <summary>What the field says.</summary>
    internal const string Marker = "choices";

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The choices.</summary>
    /// <param name="locale">The recipient's locale, if known.</param>
    /// <param name="preferences">What is chosen now.</param>
    /// <param name="categories">The categories to offer, each once.</param>
    /// <param name="note">What was just done, if anything was: the name of a word.</param>
    public string Choices(string? locale, PreferenceSet preferences, IReadOnlyList<string> categories, string? note)
    {
        var page = new StringBuilder();
        if (note is not null)
        {
            page.Append("<p class=\"note\" role=\"status\">").Append(Word(note, locale)).Append("</p>");
        }
        page.Append("<form method=\"post\"><input type=\"hidden\" name=\"").Append(MarkerField).Append("\" value=\"").Append(Marker)
            .Append("\"><fieldset><legend>").Append(Word("about", locale)).Append("</legend>");
        foreach (var category in categories)
        {
            page.Append("<input type=\"hidden\" name=\"shown\" value=\"").Append(Text(category))
                .Append("\"><label><input type=\"checkbox\" name=\"wanted\" value=\"")
                .Append(Text(category)).Append('"').Append(EmailChoices.Wants(preferences, category) ? " checked" : "").Append("> ")
                .Append(Text(Title(category, locale))).Append("</label>");
        }
        page.Append("</fieldset><label><input type=\"checkbox\" name=\"none\" value=\"1\"")
            .Append(EmailChoices.WantsAny(preferences) ? "" : " checked")
            .Append("> ").Append(Word("none", locale)).Append("</label><p><button type=\"submit\">").Append(Word("save", locale))
            .Append("</button></p></form>");
        return templates.Pages.Render(templates.Library.Word("title", locale), page.ToString(), locale);
    }

    /// <summary>A page that says one thing, to somebody who is not known.</summary>
    /// <param name="what"><c>unreadable</c>, <c>expired</c> or <c>invalid</c>.</param>
    /// <param name="locale">The recipient's locale, if known.</param>
    public string Message(string what, string? locale = null) =>
        templates.Pages.Render(templates.Library.Word(what + ".title", locale), $"<p>{Word(what + ".text", locale)}</p>", locale);

    private string Word(string key, string? locale) => Text(templates.Library.Word(key, locale));

    // "product-updates" is a name for programs.
    private string Title(string category, string? locale)
    {
        if (templates.Library.CategoryTitle(category, locale) is { } title)
        {
            return title;
        }
        var words = category.Replace('-', ' ').Replace('_', ' ').Replace('.', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static string Text(string text) => Encoder.Encode(text);
}
