namespace Notify.LocalHost.FaultInjection;

/// <summary>A clock that is wrong, for trials: <c>Notify__LocalHost__ClockOffset=-00:00:10</c>.</summary>
internal sealed class OffsetTimeProvider(TimeProvider right, TimeSpan offset) : TimeProvider
{
    private const long Digits = 10_000;
    private const long Zero = 5_000;
    private const long Most = 4_999;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => right.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => right.TimestampFrequency;

    /// <summary>A clock that is so much wrong, be it by nothing: its times say so. Without an offset the right one.</summary>
    public static TimeProvider Create(TimeSpan? offset, TimeProvider right) =>
        offset is { } wrong ? new OffsetTimeProvider(right, wrong) : right;

    /// <summary>
    /// The time, whose last four digits, less than a millisecond, say by how many seconds it is wrong: who reads it later knows the right
    /// one.
    /// </summary>
    public override DateTimeOffset GetUtcNow()
    {
        var now = right.GetUtcNow() + offset;
        return now.AddTicks(-(now.Ticks % Digits) + Zero + Math.Clamp((long)offset.TotalSeconds, -Most, Most));
    }

    /// <summary>By how much a time is wrong that such a clock has told.</summary>
    public static TimeSpan OffsetOf(DateTimeOffset time) => TimeSpan.FromSeconds((time.Ticks % Digits) - Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => right.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        right.CreateTimer(callback, state, dueTime, period);
}
