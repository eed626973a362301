using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Templates;

namespace Notify.Functions.Tests.Templates;

/// <summary>The page behind unsubscribe links, in the recipient's language and in the deployment's words and frame.</summary>
public sealed class UnsubscribePageTests
{
    [Theory]
    [InlineData(null, "en", "Send me email about", "Alerts", "Product updates")]
    [InlineData("de-AT", "de", "Schicken Sie mir E-Mails über", "Hinweise", "Product updates")]
    [InlineData("fr", "en", "Send me email about", "Alerts", "Product updates")]
    public void Speaks_the_recipients_language(string? locale, string language, string about, string alert, string updates)
    {
        using var templates = new TestTemplates();

        var page = new UnsubscribePage(templates.Renderer).Choices(locale, PreferenceSet.None, ["alert", "product-updates"], note: null);

        Assert.Contains($"<html lang=\"{language}\">", page, StringComparison.Ordinal);
        Assert.Contains($"<legend>{about}</legend>", page, StringComparison.Ordinal);
        Assert.Contains($"> {alert}</label>", page, StringComparison.Ordinal);
        Assert.Contains($"> {updates}</label>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Has_the_deployments_words_and_frame_and_escapes_what_is_no_markup()
    {
        using var templates = new TestTemplates(
            ("_words/unsubscribe.de.json", """{"title":"Post & Co","category.news":"<Neues>"}"""),
            ("_layouts/unsubscribe.hbs", "<body>{{> logo}}<h2>{{subject}}</h2>{{{body}}}</body>"), ("_partials/logo.hbs", "<img>"));

        var page = new UnsubscribePage(templates.Renderer).Choices("de", PreferenceSet.None, ["news"], "saved");

        Assert.StartsWith("<body><img><h2>Post &amp; Co</h2><p class=\"note\" role=\"status\">Ihre Auswahl ist gespeichert.</p><form", page,
            StringComparison.Ordinal);
        Assert.Contains("> &lt;Neues&gt;</label>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unreadable", "The form could not be read. Nothing was changed.")]
    [InlineData("expired", "Please use the link in a newer mail.")]
    [InlineData("invalid", "Please use the link as it is in the mail.")]
    public void Says_what_is_wrong_with_a_link(string what, string text)
    {
        using var templates = new TestTemplates();

        Assert.Contains($"<p>{text}</p>", new UnsubscribePage(templates.Renderer).Message(what), StringComparison.Ordinal);
    }
}
