using NCrontab;

namespace Notify.LocalHost.Runtime.Catalog;

/// <summary>A schedule of six fields, seconds first, in UTC, as the timer trigger reads it.</summary>
internal sealed class TimerSchedule
{
    private readonly CrontabSchedule _schedule;
    private readonly string _expression;

    private TimerSchedule(string expression, CrontabSchedule schedule) => (_expression, _schedule) = (expression, schedule);

    /// <summary>Reads an expression; <see langword="null"/> where it is none.</summary>
    public static TimerSchedule? TryParse(string expression) =>
        CrontabSchedule.TryParse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = true }) is { } schedule
            ? new TimerSchedule(expression, schedule)
            : null;

    /// <summary>The first time on the schedule that is later than <paramref name="time"/>.</summary>
    public DateTimeOffset After(DateTimeOffset time) => new(_schedule.GetNextOccurrence(time.UtcDateTime), TimeSpan.Zero);

    /// <summary>The expression.</summary>
    public override string ToString() => _expression;
}
