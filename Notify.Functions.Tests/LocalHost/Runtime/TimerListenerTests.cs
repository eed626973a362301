using Microsoft.Azure.Functions.Worker;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Timers;

namespace Notify.Functions.Tests.LocalHost.Runtime;

public sealed class TimerListenerTests : IAsyncDisposable
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private readonly SampleRuntime _host = new();

    [Fact]
    public async Task Fires_at_every_tick_and_says_when_the_others_are()
    {
        Listen("Tick");
        for (var i = 1; i <= 3; i++)
        {
            await _host.Clock.WaitForTimerAsync(FiveMinutes);
            Assert.True(_host.Probe.IsQuiet);
            _host.Clock.Advance(FiveMinutes);

            var info = (TimerInfo)(await _host.Probe.NextAsync()).Value;

            Assert.False(info.IsPastDue);
            Assert.Equal(Noon.AddMinutes(5 * (i - 1)).UtcDateTime, info.ScheduleStatus!.Last);
            Assert.Equal(Noon.AddMinutes(5 * (i + 1)).UtcDateTime, info.ScheduleStatus.Next);
        }
    }

    [Fact]
    public async Task Skips_the_ticks_that_come_while_it_runs_and_fires_once_afterwards()
    {
        var goOn = new TaskCompletionSource();
        _host.Probe.Behaviour = call => call.Number == 1 ? goOn.Task : Task.CompletedTask;
        Listen("Tick");
        await _host.Clock.WaitForTimerAsync(FiveMinutes);
        _host.Clock.Advance(FiveMinutes);
        await _host.Probe.NextAsync();

        _host.Clock.Advance(TimeSpan.FromMinutes(12));
        Assert.True(_host.Probe.IsQuiet);
        goOn.SetResult();

        await _host.Probe.NextAsync();
        await _host.Clock.WaitForTimerAsync(TimeSpan.FromMinutes(3));
        Assert.Equal((2, 1), (_host.Probe.Calls.Count, _host.Probe.MostAtOnce));
    }

    [Fact]
    public async Task Runs_at_start_up_and_repeats_a_failure_where_attributes_say_so()
    {
        _host.Probe.Behaviour = static _ => throw new IOException("bad");
        Listen("TickAtStart");

        for (var i = 0; i < 2; i++)
        {
            await _host.Probe.NextAsync();
            await _host.Clock.WaitForTimerAsync(TimeSpan.FromSeconds(10));
            _host.Clock.Advance(TimeSpan.FromSeconds(10));
        }
        await _host.Probe.NextAsync();

        await _host.Clock.WaitForTimerAsync(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(20));
        Assert.Equal(3, _host.Probe.Calls.Count);
    }

    [Fact]
    public async Task Fires_again_after_a_failure()
    {
        _host.Probe.Behaviour = static call => call.Number == 1 ? throw new IOException("bad") : Task.CompletedTask;
        Listen("Tick");
        for (var i = 0; i < 2; i++)
        {
            await _host.Clock.WaitForTimerAsync(FiveMinutes);
            _host.Clock.Advance(FiveMinutes);
            await _host.Probe.NextAsync();
        }
    }

    [Fact]
    public async Task Does_not_fire_any_more_when_it_is_stopped()
    {
        Listen("Tick");
        await _host.Clock.WaitForTimerAsync(FiveMinutes);

        await _host.StopAsync();

        _host.Clock.Advance(FiveMinutes);
        Assert.Empty(_host.Probe.Calls);
    }

    [Theory]
    [InlineData("0 */5 * * * *", "2026-03-04T12:00:00Z", "2026-03-04T12:05:00Z")]
    [InlineData("0 */5 * * * *", "2026-03-04T12:04:59.999Z", "2026-03-04T12:05:00Z")]
    [InlineData("*/30 * * * * *", "2026-03-04T12:00:29Z", "2026-03-04T12:00:30Z")]
    [InlineData("0 0 3 * * 1", "2026-03-04T12:00:00Z", "2026-03-09T03:00:00Z")]
    public void Reads_six_fields_in_UTC(string expression, string time, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next), TimerSchedule.TryParse(expression)!.After(DateTimeOffset.Parse(time)));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static DateTimeOffset Noon => new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private void Listen(string name)
    {
        var function = _host.Function(name);
        _host.Run(new TimerListener(function, (TimerFunctionTrigger)function.Trigger, _host.Invoker, _host.Clock, _host.Log));
    }
}
