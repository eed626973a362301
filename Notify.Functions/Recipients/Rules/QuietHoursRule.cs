using System.Security.Cryptography;
using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.QuietHours;

namespace Notify.Functions.Recipients.Rules;

/// <summary>
/// When a recipient may be disturbed. Pure. What counts is the clock on the wall: a moment is quiet where its local time lies in a window.
/// So a night with a change of the clock is as long as it is, an end that the clock leaps over has come with the leap, and one that comes
/// twice has come the first time.
/// </summary>
internal static class QuietHoursRule
{
    // The longest quiet time that is accepted leaves a minute of the week open; a change of the clock may take that minute away once.
    private const int MostMinutes = 15 * 24 * 60;

    /// <summary>Whether a moment is quiet on a channel.</summary>
    public static bool IsQuiet(IReadOnlyList<QuietWindow> windows, Channel channel, TimeZoneInfo zone, DateTimeOffset at)
    {
        var wall = TimeZoneInfo.ConvertTime(at, zone);
        return windows.Any(window => window.Channels.Contains(channel)
            && window.Covers(wall.DayOfWeek, TimeOnly.FromTimeSpan(wall.TimeOfDay)));
    }

    /// <summary>
    /// The first moment from <paramref name="at"/> on that is not quiet, to the minute; <paramref name="at"/> itself where it is not.
    /// </summary>
    public static DateTimeOffset OpenFrom(IReadOnlyList<QuietWindow> windows, Channel channel, TimeZoneInfo zone, DateTimeOffset at)
    {
        if (windows.Count == 0 || !IsQuiet(windows, channel, zone, at))
        {
            return at;
        }
        // Windows and changes of the clock are at whole minutes everywhere. A search by minutes needs to know nothing of either.
        var minute = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        for (var tries = 0; tries < MostMinutes; tries++)
        {
            minute = minute.AddMinutes(1);
            if (!IsQuiet(windows, channel, zone, minute))
            {
                return minute;
            }
        }
        return at;
    }

    /// <summary>
    /// The same with jitter, so that not everybody's night ends in the same second: by recipient and channel, so that deciding again gives
    /// the same time, and what has gathered for one recipient stays together. The jitter ends before the next window begins.
    /// </summary>
    public static DateTimeOffset OpenFrom(
        IReadOnlyList<QuietWindow> windows, Channel channel, TimeZoneInfo zone, DateTimeOffset at, RecipientProfile recipient,
        TimeSpan jitter)
    {
        var open = OpenFrom(windows, channel, zone, at);
        if (open == at)
        {
            return at;
        }
        var room = TimeSpan.Zero;
        while (room < jitter && !IsQuiet(windows, channel, zone, open + room))
        {
            room += TimeSpan.FromMinutes(1);
        }
        var seconds = (ulong)(room < jitter ? room : jitter).TotalSeconds;
        return seconds == 0 ? open : open.AddSeconds(Spread($"{recipient.Tenant}\n{recipient.Id}\n{channel.Code()}") % seconds);
    }

    private static ulong Spread(string name) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
