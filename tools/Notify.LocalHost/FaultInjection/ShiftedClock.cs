using System.Globalization;

namespace Notify.LocalHost.FaultInjection;

/// <summary>A clock that is wrong, for trials: <c>Notify__LocalHost__ClockOffset=-00:00:10</c>.</summary>
internal sealed class ShiftedClock(TimeProvider right, TimeSpan offset) : TimeProvider
{
    /// <summary>The setting.</summary>
    public const string Setting = "Notify:LocalHost:ClockOffset";

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => right.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => right.TimestampFrequency;

    /// <summary>The clock that a setting asks for.</summary>
    public static TimeProvider Of(string? setting, TimeProvider right) =>
        string.IsNullOrEmpty(setting) ? right : new ShiftedClock(right, TimeSpan.Parse(setting, CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + offset;

    /// <inheritdoc/>
    public override long GetTimestamp() => right.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => right.CreateTimer(callback, state, dueTime, period);
}
