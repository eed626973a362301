using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Templates;
using Notify.Functions.Tests.Digests;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Templates;

/// <summary>Digests, and the line to unsubscribe by, in the recipient's language and in the deployment's words.</summary>
public sealed class DigestContentsTests
{
    private static readonly DigestEntry Sale =
        new("d1", EventType.Marketing, "Sale", "Everything <must> go.") { Url = "https://example.com/sale", Category = "offers" };
    private static readonly DigestEntry Long = new("d2", EventType.Marketing, "It is said that…", "It is said that nothing is said twice.");

    [Theory]
    [InlineData(null, 2, "2 updates for you")]
    [InlineData("en-GB", 2, "2 updates for you")]
    [InlineData("de", 2, "2 Neuigkeiten für Sie")]
    [InlineData("de-AT", 2, "2 Neuigkeiten für Sie")]
    [InlineData("fr", 2, "2 updates for you")]
    [InlineData("de-AT", 1, "Sale")]
    public void A_digest_has_a_title_in_the_recipients_language(string? locale, int items, string title)
    {
        using var templates = new TestTemplates();
        foreach (var channel in new[] { Channel.Email, Channel.InApp, Channel.Push })
        {
            Assert.Equal(title, Of(templates.Renderer, channel, locale, [.. new[] { Sale, Long }.Take(items)]).Title);
        }
    }

    [Theory]
    [InlineData(Channel.Email)]
    [InlineData(Channel.InApp)]
    [InlineData(Channel.Push)]
    [InlineData(Channel.Sms)]
    public void A_digest_shows_every_item_with_its_text_and_its_link_and_nothing_twice(Channel channel)
    {
        using var templates = new TestTemplates();

        Assert.Equal(
            "• Sale: Everything <must> go.\n  https://example.com/sale\n• It is said that nothing is said twice.",
            Of(templates.Renderer, channel, locale: null, Sale, Long).Text);
    }

    [Theory]
    [InlineData("de", null, "2 Neuigkeiten für Sie")]
    [InlineData("de-AT", "en", "2 updates for you")]
    [InlineData("fr", null, "2 updates for you")]
    [InlineData("fr", "de", "2 Neuigkeiten für Sie")]
    public void Where_nothing_is_known_of_the_recipient_it_speaks_the_language_of_the_files_without_a_locale(
        string defaultLocale, string? locale, string title)
    {
        using var templates = new TestTemplates();

        Assert.Equal(title, Of(Renderer(templates, defaultLocale), Channel.Email, locale, Sale, Long).Title);
    }

    [Fact]
    public void A_deployment_says_it_in_its_own_words()
    {
        using var templates = new TestTemplates(
            ("_digest/email.hbs",
                "--- subject\nNews: {{count}}\n--- text\n{{#each items}}{{title}} ({{category}}); {{/each}}\n--- html "
                    + "layout=plain\n<ul>{{#each items}}<li>{{title}}</li>{{/each}}</ul>"),
            ("_digest/email.fr.hbs", "--- subject\n{{count}} nouvelles\n--- text\n{{#each items}}{{title}} {{/each}}"),
            ("_layouts/plain.hbs", "<main>{{{body}}}</main>"));
        var offers = Sale with { Title = "Sale <now>" };

        var content = Of(templates.Renderer, Channel.Email, locale: null, offers, Sale);

        Assert.Equal(("News: 2", "Sale <now> (offers); Sale (offers); ", "<main><ul><li>Sale &lt;now&gt;</li><li>Sale</li></ul></main>"),
            (content.Title, content.Text, content.Html));
        Assert.Equal("2 nouvelles", Of(templates.Renderer, Channel.Email, "fr-CA", Sale, Long).Title);
        Assert.Equal("2 Neuigkeiten für Sie", Of(templates.Renderer, Channel.Email, "de", Sale, Long).Title);
    }

    [Theory]
    [InlineData("_digest/email.hbs", "--- subject\n{{#if a}}\n--- text\nx", "_digest/email.hbs")]
    [InlineData("_digest/fax.hbs", "x", "_digest/fax.hbs")]
    [InlineData("_words/unsubscribe.json", "{", "_words/unsubscribe.json")]
    [InlineData("_words/unsubscribe.json", """{"link":1}""", "_words/unsubscribe.json")]
    [InlineData("_words/unsubscribe.json", """{"link":""}""", "_words/unsubscribe.json")]
    [InlineData("_words/unsubscribe.fr.json", """{"lnk":"x"}""", "there is no word 'lnk'")]
    [InlineData("_words/other.json", "{}", "_words/other.json")]
    [InlineData("_words/unsubscribe.french.json", "{}", "'french' is no locale")]
    [InlineData("_layouts/unsubscribe.hbs", "{{colour}}{{{body}}}", "_layouts/unsubscribe")]
    public void A_faulty_file_is_named_and_stops_the_start(string path, string content, string named)
    {
        using var templates = new TestTemplates((path, content));

        var fault = Assert.Single(new TemplatesOptions { Folder = templates.Folder }.Validate(null!));

        Assert.Contains(named, fault.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_language_that_ships_has_every_word()
    {
        var german = BuiltInTemplates.For("de").ToList();
        var english = BuiltInTemplates.For("en").ToList();

        static List<string> Keys(IEnumerable<(string Folder, string File, string Content)> files, string file) =>
            [.. TestEvents.Json(files.Single(one => one.Folder == "_words" && one.File == file).Content)
            .EnumerateObject().Select(word => word.Name).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(Keys(german, "unsubscribe"));
        Assert.Equal(Keys(german, "unsubscribe"), Keys(english, "unsubscribe"));
        Assert.Equal(Keys(german, "unsubscribe.en"), Keys(english, "unsubscribe.de"));
    }

    [Theory]
    [InlineData(null, "Stop this")]
    [InlineData("de-AT", "Schluss damit")]
    [InlineData("fr", "Stop this")]
    public async Task The_line_to_unsubscribe_by_speaks_the_language_of_a_digest_in_the_deployments_words(string? locale, string text)
    {
        using var templates = new TestTemplates(("_words/unsubscribe.json", """{"link":"Stop this"}"""),
            ("_words/unsubscribe.de.json", """{"link":"Schluss damit"}"""));
        using var notify = new NotifyHarness(settings: new Dictionary<string, string?> { ["Notify:Templates:Folder"] = templates.Folder });
        await notify.PutAsync(new RecipientProfile { Id = "user_1", Email = "user_1@example.com", Locale = locale });
        await notify.DispatchAsync(notify.Record(Digesting.Item("e1", "news")));

        await notify.CloseAndSendAsync();

        Assert.Equal(text, Assert.Single(notify.Senders[Channel.Email].Requests).UnsubscribeText);
    }

    [Theory]
    [InlineData("de-AT", "Abbestellen")]
    [InlineData("en", "Unsubscribe")]
    [InlineData("fr", "Unsubscribe")]
    public async Task No_german_line_stands_under_an_english_mail(string locale, string text)
    {
        using var templates = new TestTemplates(("sale/email.hbs", "--- subject\nSale\n--- text\nNow"),
            ("sale/email.de.hbs", "--- subject\nAusverkauf\n--- text\nJetzt"));
        using var notify = new NotifyHarness(settings: new Dictionary<string, string?> { ["Notify:Templates:Folder"] = templates.Folder });
        await notify.PutAsync(new RecipientProfile { Id = "user_1", Email = "user_1@example.com", Locale = locale });

        await notify.DispatchAsync(
            notify.Record(Digesting.Item("templated", "news") with
            {
                Priority = Priority.High,
                Template = "sale",
                Payload = TestEvents.Json("{}")
            }),
            notify.Record(Digesting.Item("plain", "news") with { Priority = Priority.High }));
        await notify.RunQueuesAsync();

        var said = notify.Senders[Channel.Email].Requests.ToDictionary(request => request.Content.Title, request => request.UnsubscribeText,
            StringComparer.Ordinal);
        Assert.Equal(text, said[locale.StartsWith("de", StringComparison.Ordinal) ? "Ausverkauf" : "Sale"]);
        Assert.Equal("Unsubscribe", said["Title of plain"]);
    }

    private static MessageContent Of(TemplateRenderer renderer, Channel channel, string? locale, params DigestEntry[] entries)
    {
        var rendering = new DigestContents(renderer).Render(entries, channel, new RecipientProfile { Id = "ann", Locale = locale });
        Assert.Null(rendering.Fault);
        return rendering.Content!;
    }

    private static TemplateRenderer Renderer(TestTemplates templates, string defaultLocale) =>
        new(Options.Create(new TemplatesOptions { Folder = templates.Folder, DefaultLocale = defaultLocale }),
            Options.Create(new RecipientsOptions()));
}
