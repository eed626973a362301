using Notify.Functions.Templates;

namespace Notify.Functions.Tests.Templates;

public sealed class TemplateLocalesTests
{
    /// <summary>
    /// By CLDR's aliases (languageAlias, territoryAlias), parents (parentLocales) and likely subtags; the default comes last everywhere.
    /// </summary>
    [Theory]
    [InlineData("de", "de de-Latn")]
    [InlineData("de-AT", "de-AT de-Latn-AT de-Latn de")]
    [InlineData("zh-TW", "zh-TW zh-Hant-TW zh-Hant")]
    [InlineData("zh-HK", "zh-HK zh-Hant-HK zh-Hant")]
    [InlineData("zh-MO", "zh-MO zh-Hant-MO zh-Hant-HK zh-HK zh-Hant")]
    [InlineData("zh-Hant", "zh-Hant")]
    [InlineData("zh-CN", "zh-CN zh-Hans-CN zh-Hans zh")]
    [InlineData("zh-SG", "zh-SG zh-Hans-SG zh-Hans zh")]
    [InlineData("zh", "zh zh-Hans")]
    [InlineData("zh-cmn-Hans-CN", "zh-Hans-CN zh-CN zh-Hans zh")]
    [InlineData("iw", "he he-Hebr")]
    [InlineData("iw-IL", "he-IL he-Hebr-IL he-Hebr he")]
    [InlineData("in", "id id-Latn")]
    [InlineData("no", "nb nb-Latn")]
    [InlineData("nn-NO", "nn-NO nn-Latn-NO nn-Latn nn nb-Latn nb")]
    [InlineData("sh", "sr-Latn")]
    [InlineData("sr-ME", "sr-ME sr-Latn-ME sr-Latn")]
    [InlineData("sr-RS", "sr-RS sr-Cyrl-RS sr-Cyrl sr")]
    [InlineData("en-UK", "en-GB en-Latn-GB en-001 en-Latn-001 en-Latn en")]
    [InlineData("es-MX", "es-MX es-Latn-MX es-419 es-Latn-419 es-Latn es")]
    [InlineData("pt-AO", "pt-AO pt-Latn-AO pt-PT pt-Latn-PT pt-Latn pt")]
    [InlineData("de-CH-1901-u-co-phonebk",
        "de-CH-1901-u-co-phonebk de-Latn-CH-1901-u-co-phonebk de-CH-1901 de-Latn-CH-1901 de-CH de-Latn-CH de-Latn de")]
    [InlineData("qaa-XY", "qaa-XY qaa")]
    [InlineData(null, "")]
    public void A_locale_leads_to_those_that_it_inherits_from(string? locale, string chain)
    {
        var fallback = TemplateLocales.Fallback(locale).ToList();

        Assert.Equal("", fallback[^1]);
        // Order matters only where a text can be in either: a locale and the same one with its script spelled out are one.
        Assert.Equal(chain.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), fallback.SkipLast(1)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("zh-TW", "zh-Hant")]
    [InlineData("zh-HK", "zh-Hant")]
    [InlineData("zh-CN", "zh-Hans")]
    [InlineData("zh", "zh-Hans")]
    [InlineData("iw", "he")]
    [InlineData("he-IL", "he")]
    [InlineData("no", "nb")]
    [InlineData("nb-NO", "nb")]
    [InlineData("nn", "nb")]
    [InlineData("es-AR", "es-419")]
    [InlineData("es-ES", "default")]
    [InlineData("en-GB", "default")]
    public void A_recipient_gets_the_file_of_the_nearest_locale(string locale, string file)
    {
        using var templates = new TestTemplates(
            ("t/sms.hbs", "default"), ("t/sms.zh-Hant.hbs", "zh-Hant"), ("t/sms.zh-Hans.hbs", "zh-Hans"), ("t/sms.he.hbs", "he"),
            ("t/sms.nb.hbs", "nb"), ("t/sms.es-419.hbs", "es-419"));

        Assert.Equal(file, templates.Render("{}", recipient: TestTemplates.Ann with { Locale = locale }));
    }

    [Theory]
    [InlineData("iw", "iw")]
    [InlineData("he", "iw")]
    [InlineData("nb", "no")]
    [InlineData("zh-Hans-CN", "zh-CN")]
    [InlineData("zh-Hant", "default")]
    public void A_file_may_have_an_older_code_of_its_language(string locale, string file)
    {
        using var templates = new TestTemplates(("t/sms.hbs", "default"), ("t/sms.iw.hbs", "iw"), ("t/sms.no.hbs", "no"),
            ("t/sms.zh-CN.hbs", "zh-CN"));

        Assert.Equal(file, templates.Render("{}", recipient: TestTemplates.Ann with { Locale = locale }));
    }

    [Fact]
    public void Two_files_for_one_language_stop_the_start()
    {
        using var templates = new TestTemplates(("t/sms.he.hbs", "he"), ("t/sms.iw.hbs", "iw"));

        var fault = Assert.Single(new TemplatesOptions { Folder = templates.Folder }.Validate(null!));

        Assert.Contains("t/sms.iw.hbs", fault.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("he", "iw-IL", "he-IL")]
    [InlineData("zh-Hant", "zh-TW", "zh-TW")]
    [InlineData("en", "de-AT", "en")]
    [InlineData("de", "de-AT-1996-x-own", "de-AT")]
    [InlineData("en", null, "en")]
    public void Dates_and_numbers_follow_the_recipient_where_the_text_is_in_their_language(
        string written, string? recipient, string culture) =>
        Assert.Equal(culture, TemplateLocales.Culture(written, recipient).Name);
}
