using System.Diagnostics.Metrics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch;
using Notify.Functions.Functions.Timers;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Telemetry;

/// <summary>What took longer than is promised of its priority is counted as late.</summary>
public sealed class LatenessTests
{
    [Theory]
    [InlineData(Priority.Critical, 500)]
    [InlineData(Priority.High, 2_000)]
    [InlineData(Priority.Normal, 5_000)]
    [InlineData(Priority.Low, 60_000)]
    public async Task Late_is_what_takes_longer_than_is_promised_of_its_priority(Priority priority, int promised)
    {
        Assert.Empty(await LateAsync(priority, TimeSpan.FromMilliseconds(promised)));
        Assert.Equal([$"channel=push priority={priority.Name()} 1"], await LateAsync(priority, TimeSpan.FromMilliseconds(promised + 1)));
    }

    [Fact]
    public async Task The_promise_is_a_setting()
    {
        Assert.Equal(["channel=push priority=low 1"], await LateAsync(Priority.Low, TimeSpan.FromSeconds(11), "00:00:10"));
        Assert.Empty(await LateAsync(Priority.Low, TimeSpan.FromSeconds(61), "00:02:00"));
    }

    [Fact]
    public async Task An_event_that_was_old_when_it_was_accepted_is_not_late_by_that()
    {
        using var notify = new NotifyHarness();
        using var metrics = new TestMetrics(notify.Get<IMeterFactory>());
        await notify.AddRecipientAsync("user_1");
        await notify.DispatchAsync(notify.Record(
            Event(notify, Priority.Critical) with { CreatedAt = notify.Clock.GetUtcNow().AddHours(-3) }));

        await notify.RunQueuesAsync();

        Assert.Equal(["channel=push provider=fcm 1"], metrics.Sums("notify.deliveries.sent"));
        Assert.Empty(metrics.Sums("notify.deliveries.late"));
    }

    [Fact]
    public async Task An_event_that_waited_on_the_topic_is_late_though_it_is_dated_ahead()
    {
        using var notify = new NotifyHarness();
        using var metrics = new TestMetrics(notify.Get<IMeterFactory>());
        await notify.AddRecipientAsync("user_1");
        var record = new IncomingRecord(new EventPosition("notifications.urgent", 0, 1), notify.Clock.GetUtcNow(),
            EventWriter.Write(Event(notify, Priority.Critical) with { CreatedAt = notify.Clock.GetUtcNow().AddMinutes(2) }));
        notify.Clock.Advance(TimeSpan.FromSeconds(10));
        await notify.DispatchAsync(record);

        await notify.RunQueuesAsync();

        Assert.Equal(["channel=push priority=critical 1"], metrics.Sums("notify.deliveries.late"));
    }

    [Fact]
    public async Task What_waited_on_purpose_counts_from_when_it_was_due()
    {
        using var notify = new NotifyHarness();
        using var metrics = new TestMetrics(notify.Get<IMeterFactory>());
        await notify.AddRecipientAsync("user_1");
        var at = notify.Clock.GetUtcNow();
        await notify.DispatchAsync(
            notify.Record(Event(notify, Priority.Critical) with { Id = "soon", SendAt = at.AddMinutes(5) }),
            notify.Record(Event(notify, Priority.Low) with { Id = "later", SendAt = at.AddHours(2) }),
            notify.Record(Event(notify, Priority.Low) with { Id = "digest", Channels = [Channel.Email] }));

        var timer = ActivatorUtilities.CreateInstance<BuildDigestsFunction>(notify.Get<IServiceProvider>());
        for (var minute = 0; minute < 125; minute += 5)
        {
            notify.Clock.Advance(TimeSpan.FromMinutes(5));
            await timer.BuildDigests(new TimerInfo(), CancellationToken.None);
            await notify.RunQueuesAsync();
        }

        Assert.Equal(["channel=email provider=sendgrid 1", "channel=push provider=fcm 2"], metrics.Sums("notify.deliveries.sent"));
        Assert.Empty(metrics.Sums("notify.deliveries.late"));
    }

    private static async Task<IReadOnlyList<string>> LateAsync(Priority priority, TimeSpan latency, string? promised = null)
    {
        using var notify = new NotifyHarness(settings: promised is null
            ? null
            : new Dictionary<string, string?>(
                StringComparer.Ordinal)
            { [$"Notify:Priorities:{priority.Name()}:MaxLatency"] = promised });
        using var metrics = new TestMetrics(notify.Get<IMeterFactory>());
        await notify.AddRecipientAsync("user_1");
        await notify.DispatchAsync(notify.Record(Event(notify, priority)));
        notify.Clock.Advance(latency);

        await notify.RunQueuesAsync();

        return metrics.Sums("notify.deliveries.late");
    }

    private static NotificationEvent Event(NotifyHarness notify, Priority priority) =>
        TestEvents.Alert() with
        {
            Priority = priority,
            CreatedAt = notify.Clock.GetUtcNow(),
            Channels = [Channel.Push],
            Recipients = ["user_1"]
        };
}
