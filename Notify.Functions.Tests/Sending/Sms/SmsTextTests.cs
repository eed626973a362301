using FsCheck.Xunit;
using Microsoft.Extensions.Options;
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
    public void Typography_is_given_up_only_where_that_makes_the_whole_text_cheaper(string text, string expected) => Assert.Equal(expected, Text().Prepare(text));

    [Property(MaxTest = 5000, EndSize = 500, Arbitrary = [typeof(AnySmsText)])]
    public void Whatever_the_text_it_becomes_no_dearer_and_stays_as_it_is_where_it_becomes_no_cheaper_alphabet(SmsTyped typed)
    {
        var (before, after) = (SmsSegments.Of(typed.Text), Text(segments: int.MaxValue).Prepare(typed.Text)!);

        Assert.True(SmsSegments.Of(after).Count <= before.Count, after);
        Assert.True(after == typed.Text || (before.Encoding, SmsSegments.Of(after).Encoding) == (SmsEncoding.Ucs2, SmsEncoding.Gsm7), after);
    }

    [Fact]
    public void A_setting_leaves_it_as_it_is() => Assert.Equal("“x”", Text(replace: false).Prepare("“x”"));

    [Theory]
    [InlineData(2, 306, 'a', true)]
    [InlineData(2, 307, 'a', false)]
    [InlineData(2, 134, 'ж', true)]
    [InlineData(2, 135, 'ж', false)]
    [InlineData(1, 160, 'a', true)]
    [InlineData(1, 161, 'a', false)]
    public void A_text_of_too_many_segments_is_none(int segments, int length, char of, bool fits) =>
        Assert.Equal(fits, Text(segments: segments).Prepare(new string(of, length)) is not null);

    [Fact]
    public void What_is_too_long_as_it_stands_may_fit_in_plain_characters() =>
        Assert.NotNull(Text(segments: 1).Prepare(new string('a', 150) + "…"));

    private static SmsText Text(int segments = 24, bool replace = true) => new(Options.Create(new SmsOptions { MaxSegments = segments, ReplaceSmartCharacters = replace }));
}
