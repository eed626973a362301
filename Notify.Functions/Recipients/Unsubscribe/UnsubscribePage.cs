using System.Text;
using System.Text.Encodings.Web;
using Notify.Functions.Recipients.Preferences;

namespace Notify.Functions.Recipients.Unsubscribe;

/// <summary>The page behind an unsubscribe link: no script, nothing from elsewhere, nothing that names the recipient.</summary>
internal static class UnsubscribePage
{
    /// <summary>The field by which the page's own form says that it is one.</summary>
    public const string MarkerField = "form";

    /// <summary>What the field says.</summary>
    public const string Marker = "choices";

    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
        + "label{display:block;padding:.5rem 0}fieldset{border:1px solid #ccc;border-radius:.5rem;margin:1rem 0;padding:.5rem 1rem}"
        + "button{font:inherit;padding:.5rem 1.25rem;border:0;border-radius:.5rem;background:#0b57d0;color:#fff}.note{background:#e6f4ea;padding:.75rem 1rem;border-radius:.5rem}"
        + "@media(prefers-color-scheme:dark){body{color:#eee;background:#121212}.note{background:#1e3a28}}";

    /// <summary>The choices.</summary>
    /// <param name="preferences">What is chosen now.</param>
    /// <param name="categories">The categories to offer, each once.</param>
    /// <param name="note">A sentence about what was just done, if anything was.</param>
    public static string Choices(PreferenceSet preferences, IReadOnlyList<string> categories, string? note)
    {
        var page = new StringBuilder();
        if (note is not null)
        {
            page.Append("<p class=\"note\" role=\"status\">").Append(Text(note)).Append("</p>");
        }
        page.Append("<form method=\"post\"><input type=\"hidden\" name=\"").Append(MarkerField).Append("\" value=\"").Append(Marker).Append("\"><fieldset><legend>Send me email about</legend>");
        foreach (var category in categories)
        {
            page.Append("<input type=\"hidden\" name=\"shown\" value=\"").Append(Text(category)).Append("\"><label><input type=\"checkbox\" name=\"wanted\" value=\"")
                .Append(Text(category)).Append('"').Append(EmailChoices.Wants(preferences, category) ? " checked" : "").Append("> ").Append(Text(Title(category))).Append("</label>");
        }
        page.Append("</fieldset><label><input type=\"checkbox\" name=\"none\" value=\"1\"").Append(EmailChoices.WantsAny(preferences) ? "" : " checked")
            .Append("> No email at all, but what is necessary, such as receipts and password resets</label><p><button type=\"submit\">Save</button></p></form>");
        return Page("Email preferences", page.ToString());
    }

    /// <summary>A page that says one thing.</summary>
    public static string Message(string title, string text) => Page(title, $"<p>{Text(text)}</p>");

    private static string Page(string title, string body) =>
        $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\">"
        + $"<title>{Text(title)}</title><style>{Style}</style></head><body><main><h1>{Text(title)}</h1>{body}</main></body></html>";

    // "product-updates" is a name for programs.
    private static string Title(string category)
    {
        var words = category.Replace('-', ' ').Replace('_', ' ').Replace('.', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
