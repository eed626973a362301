namespace Notify.Functions.Tests.LocalHost;

/// <summary>A clock that a test moves by hand. Timers fire on the thread that moves it, in the order in which they are due.</summary>
public sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<ManualTimer> _timers = [];
    private DateTimeOffset _now = start;
    private TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts at noon of a day without surprises.</summary>
    public ManualClock()
        : this(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires what has become due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        var target = GetUtcNow() + by;
        while (TakeDue(target) is { } timer)
        {
            timer.Fire();
        }
        lock (_lock)
        {
            _now = target;
        }
    }

    /// <summary>Waits until somebody waits for exactly this long from now (real time goes on while the clock stands still).</summary>
    public async Task WaitForTimerAsync(TimeSpan due)
    {
        while (true)
        {
            Task armed;
            lock (_lock)
            {
                if (_timers.Any(t => t.Due == _now + due))
                {
                    return;
                }
                armed = _armed.Task;
            }
            await armed.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    /// <summary>Waits until somebody waits for this long or less.</summary>
    public async Task WaitForTimerWithinAsync(TimeSpan due)
    {
        while (true)
        {
            Task armed;
            lock (_lock)
            {
                if (_timers.Any(t => t.Due <= _now + due))
                {
                    return;
                }
                armed = _armed.Task;
            }
            await armed.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    private ManualTimer? TakeDue(DateTimeOffset until)
    {
        lock (_lock)
        {
            var next = _timers.Where(t => t.Due <= until).MinBy(t => t.Due);
            if (next is not null)
            {
                _now = next.Due!.Value > _now ? next.Due.Value : _now;
                next.Due = next.Period > TimeSpan.Zero ? next.Due + next.Period : null;
                if (next.Due is null)
                {
                    _timers.Remove(next);
                }
            }
            return next;
        }
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                if (Due is null)
                {
                    clock._timers.Remove(this);
                    return true;
                }
                clock._timers.Add(this);
                clock._armed.TrySetResult();
                clock._armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
