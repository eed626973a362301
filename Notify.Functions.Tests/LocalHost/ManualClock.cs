using Microsoft.Extensions.Time.Testing;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.LocalHost;

/// <summary>
/// A clock that a test moves by hand, and that tells when somebody waits for it. The timers of one move fire in order, at its end.
/// </summary>
public sealed class ManualClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<WatchedTimer, DateTimeOffset> _due = [];
    private TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts at noon of a day without surprises.</summary>
    public ManualClock()
        : this(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this, base.CreateTimer(callback, state, dueTime, period));
        Note(timer, dueTime);
        return timer;
    }

    /// <summary>Waits until somebody waits for exactly this long from now (real time goes on while the clock stands still).</summary>
    public Task WaitForTimerAsync(TimeSpan due) => WaitAsync(at => at == GetUtcNow() + due);

    /// <summary>Waits until somebody waits for this long or less.</summary>
    public Task WaitForTimerWithinAsync(TimeSpan due) => WaitAsync(at => at > GetUtcNow() && at <= GetUtcNow() + due);

    private async Task WaitAsync(Func<DateTimeOffset, bool> isIt)
    {
        while (true)
        {
            Task armed;
            lock (_lock)
            {
                if (_due.Values.Any(isIt))
                {
                    return;
                }
                armed = _armed.Task;
            }
            await armed.WaitAsync(Patience.Limit);
        }
    }

    private void Note(WatchedTimer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            _due.Remove(timer);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                _due.Add(timer, GetUtcNow() + dueTime);
            }
            _armed.TrySetResult();
            _armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private sealed class WatchedTimer(ManualClock clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            clock.Note(this, dueTime);
            return changed;
        }

        public void Dispose()
        {
            clock.Note(this, Timeout.InfiniteTimeSpan);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
