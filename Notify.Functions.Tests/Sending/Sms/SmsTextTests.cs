using FsCheck.Xunit;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Sms;

namespace Notify.Functions.Tests.Sending.Sms;

public sealed class SmsTextTests
{
    [Theory]
    [InlineData("plain \"text\" - nothing to do", "plain \"text\" - nothing to do")]
    [InlineData("“It’s here” – at last…", "\"It's here\" - at last...")]
    [InlineData("a\u00A0b\u200Bc", "a bc")]
    [InlineData("Привет — “друг”", "Привет — “друг”")]
    [InlineData("party 🎉 — tonight", "party 🎉 — tonight")]
    [InlineData("", "")]
    public void Typography_is_given_up_only_where_that_makes_the_whole_text_cheaper(string text, string expected) =>
        Assert.Equal(new SmsReady(expected, Refusal: null), Text().Prepare(text));

    [Property(MaxTest = 5000, EndSize = 500, Arbitrary = [typeof(AnySmsText)])]
    public void Whatever_the_text_it_becomes_no_dearer_and_stays_as_it_is_where_it_becomes_no_cheaper_alphabet(SmsTyped typed)
    {
        var (before, after) = (SmsSegments.Measure(typed.Text), Text(segments: int.MaxValue, most: int.MaxValue).Prepare(typed.Text).Text);

        Assert.True(SmsSegments.Measure(after).Count <= before.Count, after);
        Assert.True(after == typed.Text || (before.Encoding, SmsSegments.Measure(after).Encoding) == (SmsEncoding.Ucs2, SmsEncoding.Gsm7),
            after);
    }

    [Fact]
    public void A_setting_leaves_it_as_it_is() => Assert.Equal("“x”", Text(replace: false).Prepare("“x”").Text);

    [Theory]
    [InlineData(2, 306, 'a', true)]
    [InlineData(2, 307, 'a', false)]
    [InlineData(2, 134, 'ж', true)]
    [InlineData(2, 135, 'ж', false)]
    [InlineData(1, 160, 'a', true)]
    [InlineData(1, 161, 'a', false)]
    public void A_text_of_too_many_segments_is_refused(int segments, int length, char of, bool fits) =>
        Assert.Equal(fits ? null : "sms:too_many_segments", Text(segments: segments).Prepare(new string(of, length)).Refusal);

    [Theory]
    [InlineData(1600, 1600, null)]
    [InlineData(1601, 1600, "sms:too_long")]
    [InlineData(1700, 2048, null)]
    [InlineData(1700, null, null)]
    [InlineData(24 * 153 + 1, 1600, "sms:too_many_segments")]
    public void A_text_of_more_characters_than_the_provider_takes_is_refused(int length, int? most, string? refusal) =>
        Assert.Equal(refusal, Text(most: int.MaxValue).Prepare(new string('a', length), most).Refusal);

    [Fact]
    public void What_counts_is_the_text_as_it_goes_out() =>
        Assert.Equal("sms:too_long", Text().Prepare(new string('a', 1598) + "…", 1600).Refusal);

    [Fact]
    public void What_is_too_long_as_it_stands_may_fit_in_plain_characters() =>
        Assert.Null(Text(segments: 1).Prepare(new string('a', 150) + "…").Refusal);

    [Theory]
    [InlineData(1600, 1600, 'a', null)]
    [InlineData(1600, 1601, 'a', "sms:too_long")]
    [InlineData(1600, 1600, 'ж', null)]
    [InlineData(1600, 1601, 'ж', "sms:too_long")]
    [InlineData(160, 160, 'a', null)]
    [InlineData(160, 161, 'a', "sms:too_long")]
    [InlineData(10_000, 1609, 'ж', "sms:too_many_segments")]
    public void A_text_of_too_many_characters_is_none_and_says_so(int most, int length, char of, string? fault)
    {
        var text = Text(most: most);

        Assert.Equal(fault, text.Prepare(new string(of, length)).Refusal);
        Assert.Equal(fault, text.Prepare(new MessageContent("T", new string(of, length)), mostCharacters: null).Refusal);
    }

    [Fact]
    public void The_limit_of_the_settings_is_held_against_the_text_as_it_goes_out()
    {
        Assert.Equal(new SmsReady(new string('a', 10), null), Text(most: 10).Prepare(new string('a', 10) + "\u200B"));
        Assert.Equal(SmsText.TooLong, Text(most: 10).Prepare(new string('a', 8) + "…").Refusal);
    }

    private static SmsText Text(int segments = 24, bool replace = true, int most = 1600)
    {
        var channels = new ChannelsOptions();
        channels.Sms.MaxMessageLength = most;
        return new SmsText(Options.Create(new SmsOptions { MaxSegments = segments, ReplaceSmartCharacters = replace }),
            Options.Create(channels));
    }
}
