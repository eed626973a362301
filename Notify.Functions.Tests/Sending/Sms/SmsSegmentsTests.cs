using System.Text.Json;
using FsCheck.Xunit;
using Notify.Functions.Sending.Sms;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Sending.Sms;

public sealed class SmsSegmentsTests
{
    private static readonly IReadOnlyDictionary<string, JsonElement> Rows = Vectors.Load("sms_segments.json", SmsVectors.Json);

    public static TheoryData<string> RowNames => Vectors.Names(Rows);

    [Theory]
    [MemberData(nameof(RowNames))]
    public void A_row_of_the_vectors_has_its_segments(string name)
    {
        var row = Rows[name];
        var segments = SmsSegments.Measure(row.Text("text"));
        Assert.Equal(
            (row.Text("expected_encoding") == "GSM-7" ? SmsEncoding.Gsm7 : SmsEncoding.Ucs2, row.GetProperty("expected_segments")
                .GetInt32()),
            (segments.Encoding, segments.Count));
    }

    [Theory]
    [InlineData(160, 1, 160)]
    [InlineData(161, 2, 161)]
    [InlineData(306, 2, 306)]
    [InlineData(307, 3, 307)]
    public void GSM_7_has_160_characters_or_153_a_segment(int length, int count, int units) =>
        Assert.Equal(new SmsSegments(SmsEncoding.Gsm7, units, count), SmsSegments.Measure(new string('a', length)));

    [Fact]
    public void An_escape_and_its_character_are_never_split() =>
        Assert.Equal(new SmsSegments(SmsEncoding.Gsm7, 306, 3), SmsSegments.Measure(new string('a', 152) + "€" + new string('a', 152)));

    [Fact]
    public void A_surrogate_pair_is_never_split() =>
        Assert.Equal(new SmsSegments(SmsEncoding.Ucs2, 134, 3), SmsSegments.Measure(new string('Ж', 66) + "😀" + new string('Ж', 66)));

    [Property(MaxTest = 5000, EndSize = 500, Arbitrary = [typeof(AnySmsText)])]
    public void Every_segment_but_the_last_is_full_but_for_what_must_not_be_split(SmsTyped typed)
    {
        var segments = SmsSegments.Measure(typed.Text);

        var (single, several) = segments.Encoding == SmsEncoding.Gsm7 ? (160, 153) : (70, 67);
        Assert.Equal(typed.Text.All(c => "aZ@\n€[".Contains(c, StringComparison.Ordinal)), segments.Encoding == SmsEncoding.Gsm7);
        Assert.Equal(segments.Units <= single, segments.Count == 1);
        Assert.True(segments.Count == 1
            || (segments.Units <= several * segments.Count && segments.Units > (several - 1) * (segments.Count - 1)), segments.ToString());
    }

    [Fact]
    public void A_lone_surrogate_counts_as_one_unit() =>
        Assert.Equal(new SmsSegments(SmsEncoding.Ucs2, 2, 1), SmsSegments.Measure("a\uD83D"));
}
