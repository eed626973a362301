using System.Globalization;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Tests.Templates;

public sealed class TemplateRendererTests
{
    [Fact]
    public void Escapes_html_in_html_and_in_nothing_else()
    {
        using var templates = new TestTemplates(
            ("t/email.hbs",
                "--- subject\n{{a}}\n--- text\n{{a}} {{recipient.attributes.firstName}} {{> p}}\n--- html layout=page\n<p>{{a}} "
                    + "{{recipient.attributes.firstName}} {{{a}}} {{> p}}</p>\n"),
            ("_partials/p.hbs", "p:{{a}}"),
            ("_layouts/page.hbs", "<html>{{subject}}{{{body}}}{{a}}</html>"));

        var content = templates.Of("""{"a":"<b> & 'ü'"}""").For(Channel.Email, TestTemplates.Ann).Content!;

        Assert.Equal("<b> & 'ü'", content.Title);
        Assert.Equal("<b> & 'ü' Ann <3 p:<b> & 'ü'", content.Text);
        Assert.Equal(
            "<html>&lt;b&gt; &amp; &#x27;ü&#x27;<p>&lt;b&gt; &amp; &#x27;ü&#x27; Ann &lt;3 <b> & 'ü' p:&lt;b&gt; &amp; "
                + "&#x27;ü&#x27;</p>&lt;b&gt; &amp; &#x27;ü&#x27;</html>", content.Html);
    }

    [Theory]
    [InlineData("de-AT", "AT ich-AT")]
    [InlineData("de-CH", "de ich")]
    [InlineData("de", "de ich")]
    [InlineData("de-Latn-AT", "AT ich-AT")]
    [InlineData("fr", "default i")]
    [InlineData(null, "default i")]
    public void Falls_back_from_region_to_language_to_default(string? locale, string text)
    {
        using var templates = new TestTemplates(
            ("t/sms.hbs", "default {{> i}}"), ("t/sms.de.hbs", "de {{> i}}"), ("t/sms.de-AT.hbs", "AT {{> i}}"),
            ("_partials/i.hbs", "i"), ("_partials/i.de.hbs", "ich"), ("_partials/i.de-AT.hbs", "ich-AT"), ("_partials/i.fr.hbs", "je"));

        Assert.Equal(text, templates.Render("{}", recipient: TestTemplates.Ann with { Locale = locale }));
    }

    [Fact]
    public void A_file_takes_the_partials_of_a_nearer_region()
    {
        using var templates = new TestTemplates(("t/sms.de.hbs", "{{> i}}"), ("_partials/i.de.hbs", "ich"), ("_partials/i.de-AT.hbs", "i"));

        Assert.Equal("i", templates.Render("{}", recipient: TestTemplates.Ann with { Locale = "de-AT" }));
    }

    [Theory]
    [InlineData("nope", Channel.Sms, "de", "template:missing")]
    [InlineData("t", Channel.Push, "de", "template:no_channel")]
    [InlineData("t", Channel.Sms, "fr", "template:no_locale")]
    [InlineData("t", Channel.Sms, null, "template:no_locale")]
    public void Says_why_there_is_nothing_to_render(string template, Channel channel, string? locale, string reason)
    {
        using var templates = new TestTemplates(("t/sms.de.hbs", "x"));

        Assert.Equal(reason, templates.Render("{}", channel, TestTemplates.Ann with { Locale = locale }, template));
    }

    [Theory]
    [InlineData("{{name}}", "template:variable:name")]
    [InlineData("{{a.name}}", "template:variable:name")]
    [InlineData("{{none.name}}", "template:variable:none")]
    [InlineData("{{nothing}}", "template:variable:nothing")]
    [InlineData("{{#each list}}{{name}}{{/each}}", "template:variable:name")]
    [InlineData("{{> p}}", "template:variable:inPartial")]
    [InlineData("{{recipient.attributes.lastName}}", "template:variable:lastName")]
    [InlineData("{{recipient.locale}}", "template:variable:locale")]
    [InlineData("{{date due}}", "template:variable:due")]
    [InlineData("{{number a.total}}", "template:variable:total")]
    public void Refuses_to_show_what_is_not_there(string source, string reason)
    {
        using var templates = new TestTemplates(("t/sms.hbs", "x" + source), ("_partials/p.hbs", "{{inPartial}}"));

        Assert.Equal(reason, templates.Render("""{"a":{"b":1},"list":[{"x":1}],"nothing":null}"""));
    }

    [Theory]
    [InlineData("{{#if name}}y{{else}}n{{/if}}", "n")]
    [InlineData("{{#unless name}}n{{/unless}}", "n")]
    [InlineData("{{#if a.name}}y{{else}}n{{/if}}", "n")]
    [InlineData("{{#if none.at.all}}y{{else}}n{{/if}}", "n")]
    [InlineData("{{#each none}}y{{else}}n{{/each}}", "n")]
    [InlineData("{{#with none}}y{{else}}n{{/with}}", "n")]
    [InlineData("{{#if (eq none \"x\")}}y{{else}}n{{/if}}", "n")]
    [InlineData("{{#if (eq a.b \"1\")}}y{{else}}n{{/if}}", "y")]
    [InlineData("{{#if (eq a.b 1)}}y{{else}}n{{/if}}", "y")]
    [InlineData("{{#if (eq yes true)}}y{{else}}n{{/if}}", "y")]
    [InlineData("{{#if zero}}y{{else}}n{{/if}}", "n")]
    [InlineData("{{#if empty}}y{{else}}n{{/if}}", "n")]
    [InlineData("{{#if recipient.attributes.lastName}}y{{else}}n{{/if}}", "n")]
    public void Lets_conditions_ask_for_what_is_not_there(string source, string text) =>
        Assert.Equal(text, TestTemplates.RenderText(source, """{"a":{"b":1},"zero":0,"empty":[],"yes":true}"""));

    [Theory]
    [InlineData("{{price}} {{yes}} {{big}}", "19.90 true 1e400")]
    [InlineData("{{#each lines}}{{@index}}:{{this.sku}}{{#unless @last}}, {{/unless}}{{/each}}", "0:a, 1:b")]
    [InlineData("{{lines}}", "template:faulty")]
    [InlineData("{{deep}}", "template:faulty")]
    [InlineData("{{nohelper price}}", "template:faulty")]
    [InlineData("{{> nopartial}}", "template:faulty")]
    [InlineData("{{date price}}", "template:faulty")]
    [InlineData("{{date}}", "template:faulty")]
    [InlineData("{{number yes}}", "template:faulty")]
    [InlineData("{{#if no}}x{{/if}} ", "template:empty")]
    public void Shows_values_as_they_came_and_nothing_half(string source, string text) =>
        Assert.Equal(text, TestTemplates.RenderText(source,
            """{"price":19.90,"yes":true,"big":1e400,"lines":[{"sku":"a"},{"sku":"b"}],"deep":{"a":1}}"""));

    [Theory]
    [InlineData("de-AT", "Europe/Vienna", "de-AT", "2026-01-30T00:30")]
    [InlineData("de", "Asia/Tokyo", "de", "2026-01-30T08:30")]
    [InlineData(null, null, "en", "2026-01-29T23:30")]
    [InlineData("en-GB", "America/New_York", "en-GB", "2026-01-29T18:30")]
    [InlineData("fr", null, "en", "2026-01-29T23:30")]
    public void Writes_dates_in_the_language_of_the_text_and_by_the_recipients_clock(
        string? locale, string? zone, string culture, string local)
    {
        const string Source =
            """{{date at}} | {{date at "short"}} | {{date at "time"}} | {{date at "dateTime"}} | {{date at "dd. MMMM yyyy HH:mm"}}""";
        using var templates = new TestTemplates(("t/sms.hbs", Source), ("t/sms.de.hbs", Source));
        var moment = DateTime.Parse(local, CultureInfo.InvariantCulture);

        Assert.Equal(
            string.Join(" | ", new[] { "D", "d", "t", "f", "dd. MMMM yyyy HH:mm" }.Select(format =>
                moment.ToString(format, CultureInfo.GetCultureInfo(culture)))),
            templates.Render("""{"at":"2026-01-29T23:30:00Z"}""", recipient: TestTemplates.Ann with { Locale = locale, TimeZone = zone }));
    }

    /// <summary>A date or a date-time by RFC 3339. Anything else is the documented fault, and never a guess: 12:00 is not today.</summary>
    [Theory]
    [InlineData("2026-01-29T23:30:00Z", "29.01.2026 23:30")]
    [InlineData("2026-01-29t23:30:00z", "29.01.2026 23:30")]
    [InlineData("2026-01-29T23:30:00.123+01:00", "29.01.2026 22:30")]
    [InlineData("2016-12-31T23:59:60Z", "01.01.2017 00:00")]
    [InlineData("2026-01-29", "29.01.2026 00:00")]
    [InlineData("12:00", "template:faulty")]
    [InlineData("2026", "template:faulty")]
    [InlineData("2026-01-29T23:30:00", "template:faulty")]
    [InlineData("2026-01-29T23:30Z", "template:faulty")]
    [InlineData("2026-01-29 23:30:00Z", "template:faulty")]
    [InlineData("01/29/2026", "template:faulty")]
    [InlineData("29.01.2026", "template:faulty")]
    [InlineData("29 January 2026", "template:faulty")]
    [InlineData("Thu, 29 Jan 2026 23:30:00 GMT", "template:faulty")]
    [InlineData("2026-02-30", "template:faulty")]
    [InlineData("", "template:faulty")]
    public void A_date_is_one_by_RFC_3339(string at, string text) =>
        Assert.Equal(text, TestTemplates.RenderText("""{{date at "dd.MM.yyyy HH:mm"}}""", $$"""{"at":"{{at}}"}"""));

    /// <summary>A number in a text is one by the grammar of JSON (RFC 8259, section 6).</summary>
    [Theory]
    [InlineData("-12.50", "-12.50")]
    [InlineData("1.5e3", "1,500")]
    [InlineData("0", "0")]
    [InlineData(" 2", "template:faulty")]
    [InlineData("+2", "template:faulty")]
    [InlineData("02", "template:faulty")]
    [InlineData(".5", "template:faulty")]
    [InlineData("5.", "template:faulty")]
    [InlineData("1,000", "template:faulty")]
    [InlineData("0x1F", "template:faulty")]
    [InlineData("NaN", "template:faulty")]
    [InlineData("", "template:faulty")]
    public void A_number_is_one_by_JSON(string n, string text) =>
        Assert.Equal(text, TestTemplates.RenderText("{{number n}}", $$"""{"n":"{{n}}"}"""));

    [Fact]
    public void A_day_without_a_time_is_the_same_day_everywhere() =>
        Assert.Equal("1/29/2026", TestTemplates.RenderText("""{{date day "short"}}""", """{"day":"2026-01-29"}""",
            TestTemplates.Ann with { TimeZone = "Pacific/Honolulu" }));

    [Fact]
    public void Writes_numbers_in_the_language_of_the_text()
    {
        const string Source = "{{number total}} {{number total 0}} {{number text 3}}";
        using var templates = new TestTemplates(("t/sms.hbs", Source), ("t/sms.de.hbs", Source));

        Assert.Equal("1,234.50 1,235 2.000", templates.Render("""{"total":1234.50,"text":"2"}"""));
        Assert.Equal("1.234,50 1.235 2,000",
            templates.Render("""{"total":1234.50,"text":"2"}""", recipient: TestTemplates.Ann with { Locale = "de" }));
    }

    [Fact]
    public void Url_and_data_go_with_the_message_and_its_title_is_one_line()
    {
        using var templates = new TestTemplates(("t/push.hbs", "--- title\nOne\n{{x}}\n--- text\n\nFirst\n\nsecond\n"));

        var content = templates.Of("""{"x":"two\r\nthree","url":"https://example.com/","data":{"n":1.50}}""")
            .For(Channel.Push, TestTemplates.Ann).Content!;

        Assert.Equal(("One two three", "First\n\nsecond", "https://example.com/", "1.50"),
            (content.Title, content.Text, content.Url, content.Data["n"]));
        Assert.Null(content.Html);
    }

    [Fact]
    public void Compiles_once_and_renders_once_for_all_of_one_language()
    {
        using var templates = new TestTemplates(("t/sms.hbs", "{{x}}"), ("t/sms.de.hbs", "de {{x}}"),
            ("t/push.hbs", "--- title\nHi {{> who}}\n--- text\n{{x}}"), ("_partials/who.hbs", "{{recipient.id}}"));
        var one = templates.Of("""{"x":1}""");
        RecipientProfile German(string id) => TestTemplates.Ann with { Id = id, Locale = "de" };

        Assert.Same(one.For(Channel.Sms, German("a")).Content, one.For(Channel.Sms, German("b")).Content);
        Assert.NotSame(one.For(Channel.Sms, German("a")).Content, one.For(Channel.Sms, TestTemplates.Ann).Content);
        Assert.Equal(("Hi a", "Hi b"),
            (one.For(Channel.Push, German("a")).Content!.Title, one.For(Channel.Push, German("b")).Content!.Title));
        Assert.Equal("de 2", templates.Of("""{"x":2}""").For(Channel.Sms, German("a")).Content!.Text);
        Assert.Equal(3, templates.Renderer.Compiled);
    }

    [Fact]
    public void Regions_and_zones_are_told_apart_only_where_they_make_a_difference()
    {
        using var templates = new TestTemplates(("t/sms.hbs", "{{#if at}}{{date at \"HH:mm\"}}{{else}}soon{{/if}}"));
        RecipientProfile Ann(string locale, string zone) => TestTemplates.Ann with { Locale = locale, TimeZone = zone };
        var (soon, later) = (templates.Of("{}"), templates.Of("""{"at":"2026-01-29T23:30:00Z"}"""));

        Assert.Same(soon.For(Channel.Sms, Ann("en-GB", "Europe/London")).Content, soon.For(Channel.Sms, Ann("fr", "Asia/Tokyo")).Content);
        Assert.Same(later.For(Channel.Sms, Ann("en-GB", "Europe/London")).Content,
            later.For(Channel.Sms, Ann("fr", "Europe/London")).Content);
        Assert.Equal(("23:30", "08:30"),
            (later.For(Channel.Sms, Ann("en", "Europe/London")).Content!.Text,
                later.For(Channel.Sms, Ann("en", "Asia/Tokyo")).Content!.Text));
    }

    [Fact]
    public void What_is_shared_cannot_reach_a_recipient()
    {
        using var templates = new TestTemplates(("t/sms.hbs", "{{#each this}}{{#each this}}{{@key}}{{/each}}{{/each}}x"));

        Assert.Equal("bx", templates.Render("""{"a":{"b":1}}"""));
    }
}
