using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Invocation;

namespace Notify.LocalHost.Runtime.Timers;

/// <summary>
/// Starts a function by the clock. Runs never overlap: ticks that come while it runs are skipped, and one run makes up for all of them
/// afterwards, as the real trigger does.
/// </summary>
internal sealed partial class TimerListener(
    AppFunction function, TimerFunctionTrigger trigger, IFunctionInvoker invoker, TimeProvider clock, ILogger logger) : ITriggerListener
{
    /// <summary>Longer waits are cut into pieces: a clock that is set, or a machine that sleeps, is noticed in time.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    public async Task RunAsync(Drain drain)
    {
        ArgumentNullException.ThrowIfNull(drain);
        var last = clock.GetUtcNow();
        var due = trigger.RunOnStartup ? last : trigger.Schedule.After(last);
        while (await UntilAsync(due, drain.Stopping))
        {
            var started = clock.GetUtcNow();
            await FireAsync(Info(last, started), drain);
            last = started;
            due = trigger.Schedule.After(started);
        }
    }

    /// <summary>What a run is told: the one before, and the one after this.</summary>
    public TimerInfo Info(DateTimeOffset last, DateTimeOffset now) => new()
    {
        IsPastDue = false,
        ScheduleStatus = new ScheduleStatus
        {
            Last = last.UtcDateTime,
            LastUpdated = last.UtcDateTime,
            Next = trigger.Schedule.After(now).UtcDateTime
        },
    };

    private async Task<bool> UntilAsync(DateTimeOffset due, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var left = due - clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return true;
            }
            if (!await Wait.ForAsync(left < LongestWait ? left : LongestWait, clock, stopping))
            {
                return false;
            }
        }
        return false;
    }

    private async Task FireAsync(TimerInfo info, Drain drain)
    {
        for (var retry = 1; ; retry++)
        {
            try
            {
                await invoker.InvokeAsync(function, info, drain.Abandoned);
                return;
            }
            catch (Exception) when (drain.Abandoned.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Failed(function.Name, retry, fault);
                if (function.Retry?.DelayBefore(retry) is not { } delay || !await Wait.ForAsync(delay, clock, drain.Stopping))
                {
                    return;
                }
            }
        }
    }

    [LoggerMessage(EventId = 8301, Level = LogLevel.Error, Message = "{function} failed, try {attempt}")]
    private partial void Failed(string function, int attempt, Exception fault);
}
