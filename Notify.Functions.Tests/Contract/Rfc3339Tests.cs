using System.Globalization;
using System.Text.Json;
using Notify.Functions.Contract;

namespace Notify.Functions.Tests.Contract;

public sealed class Rfc3339Tests
{
    /// <summary>The first five are the RFC's own, of section 5.8.</summary>
    [Theory]
    [InlineData("1985-04-12T23:20:50.52Z", "1985-04-12 23:20:50.5200000")]
    [InlineData("1996-12-19T16:39:57-08:00", "1996-12-20 00:39:57.0000000")]
    [InlineData("1990-12-31T23:59:60Z", "1991-01-01 00:00:00.0000000")]
    [InlineData("1990-12-31T15:59:60-08:00", "1991-01-01 00:00:00.0000000")]
    [InlineData("1937-01-01T12:00:27.87+00:20", "1937-01-01 11:40:27.8700000")]
    [InlineData("2026-11-29t11:00:00z", "2026-11-29 11:00:00.0000000")]
    [InlineData("2016-12-31t23:59:60.25z", "2017-01-01 00:00:00.2500000")]
    [InlineData("2026-11-29T11:00:00-00:00", "2026-11-29 11:00:00.0000000")]
    [InlineData("2026-11-29T11:00:00+23:59", "2026-11-28 11:01:00.0000000")]
    [InlineData("2026-11-29T11:00:00.12345678901234567890Z", "2026-11-29 11:00:00.1234567")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29 00:00:00.0000000")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01 00:00:00.0000000")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31 23:59:59.9999999")]
    public void A_date_time_of_the_grammar_is_read(string text, string utc)
    {
        Assert.True(Rfc3339.TryParseDateTime(text, out var time));
        Assert.Equal((utc, TimeSpan.Zero), (time.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture), time.Offset));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12:00")]
    [InlineData("11:00:00Z")]
    [InlineData("2026-11-29")]
    [InlineData("2026-11-29T11:00:00")]
    [InlineData("2026-11-29T11:00Z")]
    [InlineData("2026-11-29 11:00:00Z")]
    [InlineData("2026-11-29T11:00:00 Z")]
    [InlineData(" 2026-11-29T11:00:00Z")]
    [InlineData("2026-11-29T11:00:00Z ")]
    [InlineData("2026-11-29T11:00:00Z\n")]
    [InlineData("2026-11-29T11:00:00,5Z")]
    [InlineData("2026-11-29T11:00:00.Z")]
    [InlineData("2026-11-29T11:00:00+01")]
    [InlineData("2026-11-29T11:00:00+0100")]
    [InlineData("2026-11-29T11:00:00+24:00")]
    [InlineData("2026-11-29T11:00:00+01:60")]
    [InlineData("2026-11-29T11:00:00UTC")]
    [InlineData("2026-11-29T24:00:00Z")]
    [InlineData("2026-11-29T11:60:00Z")]
    [InlineData("2026-11-29T11:00:61Z")]
    [InlineData("2026-11-29T23:59:60Z")]
    [InlineData("2026-12-31T23:58:60Z")]
    [InlineData("2026-12-31T22:59:60Z")]
    [InlineData("2026-12-31T23:59:60+01:00")]
    [InlineData("2026-02-29T11:00:00Z")]
    [InlineData("2026-13-01T11:00:00Z")]
    [InlineData("2026-00-01T11:00:00Z")]
    [InlineData("2026-11-00T11:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:60Z")]
    [InlineData("26-11-29T11:00:00Z")]
    [InlineData("2026-1-29T11:00:00Z")]
    [InlineData("+2026-11-29T11:00:00Z")]
    [InlineData("2026-11-29T+1:00:00Z")]
    [InlineData("２０２６-11-29T11:00:00Z")]
    [InlineData("Sun, 29 Nov 2026 11:00:00 GMT")]
    [InlineData("20261129T110000Z")]
    public void Anything_else_is_no_date_time(string text) => Assert.False(Rfc3339.TryParseDateTime(text, out _));

    [Theory]
    [InlineData("2026-01-31", true)]
    [InlineData("2024-02-29", true)]
    [InlineData("2026-02-29", false)]
    [InlineData("2026-1-31", false)]
    [InlineData("2026/01/31", false)]
    [InlineData("31.01.2026", false)]
    [InlineData("2026-01-31Z", false)]
    [InlineData("12:00", false)]
    public void A_full_date_is_a_day_that_there_is(string text, bool isOne) => Assert.Equal(isOne, Rfc3339.TryParseDate(text, out _));

    /// <summary>What <c>event.v1</c> allows to be left out, and no more than that.</summary>
    [Theory]
    [InlineData("2026-01-31", "2026-01-31T00:00:00.000Z")]
    [InlineData("2026-01-31T09:30", "2026-01-31T09:30:00.000Z")]
    [InlineData("2026-01-31t09:30z", "2026-01-31T09:30:00.000Z")]
    [InlineData("2026-01-31T09:30+02:00", "2026-01-31T07:30:00.000Z")]
    [InlineData("2026-01-31T09:30:15.1239", "2026-01-31T09:30:15.123Z")]
    [InlineData("2016-12-31T23:59:60", "2017-01-01T00:00:00.000Z")]
    [InlineData("2026-01-31T09:30.5Z", null)]
    [InlineData("2026-01-31T", null)]
    [InlineData("2026-01-31T09", null)]
    [InlineData("2026-01-31Z", null)]
    [InlineData("12:00", null)]
    [InlineData("1999-12-31T23:30:00-01:00", null)]
    [InlineData("2000-01-01T00:00:00+01:00", null)]
    public void A_time_of_event_v1_may_lack_its_seconds_its_offset_or_all_but_the_day(string text, string? read) => Assert.Equal(
        read, EventTimes.TryReadLenient(JsonDocument.Parse($"\"{text}\"").RootElement, out var time) ? EventWriter.Format(time) : null);
}
