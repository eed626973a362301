using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.QuietHours;
using Notify.Functions.Recipients.Rules;

namespace Notify.Functions.Tests.Recipients.Rules;

public sealed class QuietHoursRuleTests
{
    // A night over each change of the clock, then an end that the clock leaps over or that comes twice.
    [Theory]
    [InlineData("Europe/Vienna", "22:00-07:00", "2026-03-28T22:00Z", "2026-03-29T05:00Z")]
    [InlineData("Europe/Vienna", "22:00-07:00", "2026-10-24T21:00Z", "2026-10-25T06:00Z")]
    [InlineData("Europe/Vienna", "22:00-02:30", "2026-03-28T22:00Z", "2026-03-29T01:00Z")]
    [InlineData("Europe/Vienna", "22:00-02:30", "2026-10-24T21:00Z", "2026-10-25T00:30Z")]
    [InlineData("Europe/Vienna", "22:00-02:30", "2026-10-25T01:10Z", "2026-10-25T01:30Z")]
    [InlineData("Europe/Vienna", "02:15-02:45", "2026-03-29T01:00Z", "2026-03-29T01:00Z")]
    [InlineData("Europe/Vienna", "02:30-06:00", "2026-10-25T00:40Z", "2026-10-25T01:00Z")]
    [InlineData("America/Santiago", "22:00-07:00", "2026-09-06T03:00Z", "2026-09-06T10:00Z")]
    [InlineData("America/Santiago", "22:00-07:00", "2026-04-05T01:30Z", "2026-04-05T11:00Z")]
    [InlineData("America/Santiago", "22:00-00:30", "2026-09-06T03:00Z", "2026-09-06T04:00Z")]
    [InlineData("America/Santiago", "22:00-23:30", "2026-04-05T01:30Z", "2026-04-05T02:30Z")]
    [InlineData("Australia/Lord_Howe", "22:00-07:00", "2026-10-03T12:00Z", "2026-10-03T20:00Z")]
    [InlineData("Australia/Lord_Howe", "22:00-07:00", "2026-04-04T12:00Z", "2026-04-04T20:30Z")]
    [InlineData("Australia/Lord_Howe", "22:00-02:15", "2026-10-03T12:00Z", "2026-10-03T15:30Z")]
    [InlineData("Australia/Lord_Howe", "22:00-01:45", "2026-04-04T12:00Z", "2026-04-04T14:45Z")]
    public void A_window_ends_when_the_clock_on_the_wall_has_left_it(string zone, string window, string at, string open)
    {
        var windows = new[] { Window(window) };

        Assert.Equal(At(open), QuietHoursRule.OpenFrom(windows, Channel.Push, TimeZoneInfo.FindSystemTimeZoneById(zone), At(at)));
    }

    [Theory]
    [InlineData("Europe/Vienna", "2026-03-27T00:00Z")]
    [InlineData("Europe/Vienna", "2026-10-23T00:00Z")]
    [InlineData("America/Santiago", "2026-09-04T00:00Z")]
    [InlineData("America/Santiago", "2026-04-03T00:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-02T00:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-03T00:00Z")]
    public void Every_minute_around_a_change_of_the_clock_opens_at_the_first_that_is_not_quiet(string name, string from)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        QuietWindow[] windows = [Window("22:00-07:00"), Window("01:40-02:20"), Window("12:00-13:00", DayOfWeek.Sunday)];
        for (var minute = 3 * 24 * 60; minute >= 0; minute--)
        {
            var at = At(from).AddMinutes(minute);
            var open = QuietHoursRule.OpenFrom(windows, Channel.Push, zone, at);

            var wall = TimeZoneInfo.ConvertTime(at, zone);
            var quiet = wall.Hour is >= 22 or < 7 || (wall.DayOfWeek == DayOfWeek.Sunday && wall.Hour == 12);
            Assert.Equal(quiet, open > at);
            if (quiet && minute < 2 * 24 * 60)
            {
                // As long as one minute is quiet, it opens when the next one does.
                Assert.Equal(QuietHoursRule.OpenFrom(windows, Channel.Push, zone, at.AddMinutes(1)), open);
            }
        }
    }

    [Fact]
    public void Days_are_those_on_which_a_window_begins()
    {
        QuietWindow[] weekend = [Window("22:00-10:00", DayOfWeek.Friday, DayOfWeek.Saturday)];
        DateTimeOffset Open(string at) => QuietHoursRule.OpenFrom(weekend, Channel.Push, TimeZoneInfo.Utc, At(at));

        Assert.Equal(At("2026-03-06T09:00Z"), Open("2026-03-06T09:00Z"));
        Assert.Equal(At("2026-03-07T10:00Z"), Open("2026-03-06T22:00Z"));
        Assert.Equal(At("2026-03-08T10:00Z"), Open("2026-03-08T09:59Z"));
        Assert.Equal(At("2026-03-08T22:00Z"), Open("2026-03-08T22:00Z"));
    }

    [Fact]
    public void Windows_that_touch_are_one_and_other_channels_are_not_concerned()
    {
        QuietWindow[] windows = [Window("22:00-06:00"), Window("06:00-09:00"), Window("08:00-12:00") with { Channels = [Channel.Sms] }];
        DateTimeOffset Open(Channel channel) => QuietHoursRule.OpenFrom(windows, channel, TimeZoneInfo.Utc, At("2026-03-06T23:00Z"));

        Assert.Equal(At("2026-03-07T09:00Z"), Open(Channel.Push));
        Assert.Equal(At("2026-03-07T12:00Z"), Open(Channel.Sms));
        Assert.Equal(At("2026-03-06T23:00Z"), Open(Channel.InApp));
    }

    [Fact]
    public void Jitter_is_the_same_when_asked_again_differs_between_recipients_and_keeps_out_of_the_next_window()
    {
        QuietWindow[] windows = [Window("22:00-07:00"), Window("07:05-08:00")];
        DateTimeOffset Open(int n, string at, int jitter) => QuietHoursRule.OpenFrom(
            windows, Channel.Push, TimeZoneInfo.Utc, At(at), new RecipientProfile { Id = "u" + n }, TimeSpan.FromMinutes(jitter));

        var times = Enumerable.Range(0, 500).Select(n => Open(n, "2026-03-06T23:00Z", 60)).ToList();

        Assert.Equal(times, Enumerable.Range(0, 500).Select(n => Open(n, "2026-03-07T06:59Z", 60)));
        Assert.All(times, time => Assert.InRange(time, At("2026-03-07T07:00Z"), At("2026-03-07T07:05Z").AddSeconds(-1)));
        Assert.InRange(times.Distinct().Count(), 200, 300);
        Assert.Equal(At("2026-03-07T07:00Z"), Open(1, "2026-03-06T23:00Z", 0));
        Assert.Equal(At("2026-03-07T07:02Z"), Open(1, "2026-03-07T07:02Z", 60));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static QuietWindow Window(string hours, params DayOfWeek[] days) => new(
        TimeOnly.ParseExact(hours[..5], "HH:mm", System.Globalization.CultureInfo.InvariantCulture),
        TimeOnly.ParseExact(hours[6..], "HH:mm", System.Globalization.CultureInfo.InvariantCulture),
        days.Length == 0 ? QuietWindow.EveryDay : days,
        QuietWindow.Disturbing);
}
