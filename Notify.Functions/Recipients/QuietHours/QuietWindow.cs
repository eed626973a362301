using Notify.Functions.Contract;

namespace Notify.Functions.Recipients.QuietHours;

/// <summary>A time of the week in which a recipient wants to be left alone, by the clock on their wall.</summary>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends; on the next day where that is not later than <paramref name="From"/>.</param>
/// <param name="Days">The days on which it begins.</param>
/// <param name="Channels">The channels it is about.</param>
public sealed record QuietWindow(TimeOnly From, TimeOnly To, IReadOnlyList<DayOfWeek> Days, IReadOnlyList<Channel> Channels)
{
    /// <summary>Every day, Monday first.</summary>
    public static IReadOnlyList<DayOfWeek> EveryDay { get; } =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday,
            DayOfWeek.Sunday];

    /// <summary>The channels that disturb: all but the inbox.</summary>
    public static IReadOnlyList<Channel> Disturbing { get; } = [Channel.Email, Channel.Sms, Channel.Push];

    /// <summary>Whether the window covers a day and time on the wall.</summary>
    public bool Covers(DayOfWeek day, TimeOnly time)
    {
        if (From < To)
        {
            return time >= From && time < To && Days.Contains(day);
        }
        var before = (DayOfWeek)(((int)day + 6) % 7);
        return (time >= From && Days.Contains(day)) || (time < To && Days.Contains(before));
    }

    /// <summary>The window for people and the audit trail, such as <c>22:00-07:00 mon,tue email,push</c>.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{From:HH:mm}-{To:HH:mm} {string.Join(',', Days.Select(Name))} {string.Join(',', Channels.Select(ContractNames.Name))}");

    /// <summary><c>mon</c> to <c>sun</c>.</summary>
    public static string Name(DayOfWeek day) => day switch
    {
        DayOfWeek.Monday => "mon",
        DayOfWeek.Tuesday => "tue",
        DayOfWeek.Wednesday => "wed",
        DayOfWeek.Thursday => "thu",
        DayOfWeek.Friday => "fri",
        DayOfWeek.Saturday => "sat",
        DayOfWeek.Sunday => "sun",
        _ => throw new ArgumentOutOfRangeException(nameof(day), day, "Not a day."),
    };
}
