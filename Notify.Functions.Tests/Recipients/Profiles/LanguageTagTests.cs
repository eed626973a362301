using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Tests.Recipients.Profiles;

public sealed class LanguageTagTests
{
    /// <summary>
    /// The examples of RFC 5646, appendix A, but those that are private or grandfathered as a whole; and other ways of writing them.
    /// </summary>
    [Theory]
    [InlineData("de", "de")]
    [InlineData("fr", "fr")]
    [InlineData("zh-Hant", "zh-Hant")]
    [InlineData("sr-Latn", "sr-Latn")]
    [InlineData("zh-cmn-Hans-CN", "cmn-Hans-CN")]
    [InlineData("cmn-Hans-CN", "cmn-Hans-CN")]
    [InlineData("zh-yue-HK", "yue-HK")]
    [InlineData("zh-Hans-CN", "zh-Hans-CN")]
    [InlineData("sr-Latn-RS", "sr-Latn-RS")]
    [InlineData("sl-rozaj", "sl-rozaj")]
    [InlineData("sl-rozaj-biske", "sl-rozaj-biske")]
    [InlineData("sl-nedis", "sl-nedis")]
    [InlineData("de-CH-1901", "de-CH-1901")]
    [InlineData("sl-IT-nedis", "sl-IT-nedis")]
    [InlineData("hy-Latn-IT-arevela", "hy-Latn-IT-arevela")]
    [InlineData("de-DE", "de-DE")]
    [InlineData("en-US", "en-US")]
    [InlineData("es-419", "es-419")]
    [InlineData("de-CH-x-phonebk", "de-CH-x-phonebk")]
    [InlineData("az-Arab-x-AZE-derbend", "az-Arab-x-aze-derbend")]
    [InlineData("en-US-u-islamcal", "en-US-u-islamcal")]
    [InlineData("zh-CN-a-myext-x-private", "zh-CN-a-myext-x-private")]
    [InlineData("en-a-myext-b-another", "en-a-myext-b-another")]
    [InlineData("DE-at", "de-AT")]
    [InlineData("zh_hant_tw", "zh-Hant-TW")]
    [InlineData("MN-cYRL-mn", "mn-Cyrl-MN")]
    public void A_tag_of_BCP_47_has_one_form(string written, string kept) => Assert.Equal(kept, LanguageTag.Normalize(written));

    /// <summary>Those of appendix A that are not valid, and what is none by the grammar or by the registry.</summary>
    [Theory]
    [InlineData("de-419-DE")]
    [InlineData("a-DE")]
    [InlineData("ar-a-aaa-b-bbb-a-ccc")]
    [InlineData("sl-rozaj-rozaj")]
    [InlineData("german")]
    [InlineData("engl")]
    [InlineData("de-")]
    [InlineData("-de")]
    [InlineData("de--AT")]
    [InlineData("de-AT-")]
    [InlineData("de-A")]
    [InlineData("de-u")]
    [InlineData("de-x")]
    [InlineData("x-whatever")]
    [InlineData("i-klingon")]
    [InlineData("de-AT\n")]
    [InlineData("de AT")]
    [InlineData("dé")]
    [InlineData("de-ÄT")]
    [InlineData("de.UTF-8")]
    [InlineData("*")]
    [InlineData("")]
    public void Anything_else_is_none(string written) => Assert.Null(LanguageTag.Normalize(written));
}
