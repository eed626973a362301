using System.Diagnostics.Metrics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Functions.Timers;
using Notify.Functions.Health;
using Notify.Functions.Reports;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Throttling;
using Notify.Functions.Telemetry;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Telemetry;

public sealed class MetricsTests : IDisposable
{
    private static readonly TimeSpan Window = new BatchingOptions().Window;
    private readonly NotifyHarness _notify = new(settings: new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Notify:Channels:sms:Providers"] = "twilio,second",
        ["Notify:Resilience:CircuitMinimum"] = "5",
    }, configure: services => services.AddSingleton<IProviderSender>(new ScriptedSender(Channel.Sms, "second", 1)));

    private readonly TestMetrics _metrics;

    public MetricsTests() => _metrics = new TestMetrics(_notify.Get<IMeterFactory>());

    public void Dispose()
    {
        _metrics.Dispose();
        _notify.Dispose();
    }

    [Fact]
    public async Task Events_are_counted_as_accepted_duplicate_or_rejected()
    {
        await _notify.AddRecipientAsync("user_1");
        await _notify.DispatchAsync(_notify.Record(TestEvents.Alert("e1")), _notify.Record(TestEvents.Alert("e2")), _notify.Record("{"),
            _notify.Record(TestEvents.Alert("e1")));
        await _notify.DispatchAsync(_notify.Record(TestEvents.Alert("e2")));

        Assert.Equal(["priority=critical type=alert 2"], _metrics.Sums("notify.events.accepted"));
        Assert.Equal(["2"], _metrics.Sums("notify.events.duplicates"));
        Assert.Equal(["code=not_json 1"], _metrics.Sums("notify.events.rejected"));
    }

    [Fact]
    public async Task Decisions_are_counted_once_with_their_reasons()
    {
        await _notify.AddRecipientAsync("user_1");
        var record = _notify.Record(TestEvents.Alert() with { Recipients = ["user_1", "nobody"], Channels = [Channel.Sms, Channel.Push] });

        await _notify.DispatchAsync(record);
        await _notify.DispatchAsync(record);

        Assert.Equal(
            [
                "channel=push decision=send priority=critical reason=send 1",
                "channel=push decision=suppress priority=critical reason=unknown_recipient 1",
                "channel=sms decision=send priority=critical reason=send 1",
                "channel=sms decision=suppress priority=critical reason=unknown_recipient 1",
            ],
            _metrics.Sums("notify.deliveries.decided"));
    }

    [Fact]
    public async Task What_becomes_of_deliveries_is_counted_by_channel_provider_and_reason_with_their_latency()
    {
        _notify.Senders[Channel.Push].Answer = target => target.Recipient switch
        {
            "user_1" => new SendResult.Accepted("m"),
            "user_2" => new SendResult.Rejected("NOT_FOUND"),
            "user_3" => new SendResult.Unknown("timeout"),
            _ => new SendResult.Unavailable("503", TimeSpan.FromSeconds(6)),
        };
        await DispatchAsync(4, Channel.Push);
        _notify.Clock.Advance(TimeSpan.FromSeconds(3));

        await _notify.RunQueuesAsync();

        Assert.Equal(["channel=push provider=fcm 1"], _metrics.Sums("notify.deliveries.sent"));
        Assert.Equal(["channel=push priority=critical 3"], _metrics.Sums("notify.delivery.latency"));
        Assert.Equal(["channel=push provider=fcm reason=NOT_FOUND 1"], _metrics.Sums("notify.deliveries.failed"));
        Assert.Equal(["channel=push provider=fcm reason=timeout 1"], _metrics.Sums("notify.deliveries.ambiguous"));
        Assert.Equal(["channel=push provider=fcm reason=503 1", "channel=push provider=fcm reason=timeout 1"],
            _metrics.Sums("notify.deliveries.retried"));
    }

    [Fact]
    public async Task What_waited_until_it_was_due_has_no_latency_by_that()
    {
        await _notify.AddRecipientAsync("user_1");
        await _notify.DispatchAsync(_notify.Record(
            TestEvents.Alert() with { Channels = [Channel.Push], SendAt = _notify.Clock.GetUtcNow().AddMinutes(5) }));
        _notify.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(2));

        await _notify.RunQueuesAsync();

        Assert.Equal(["channel=push priority=critical 2"], _metrics.Sums("notify.delivery.latency"));
    }

    [Fact]
    public async Task A_circuit_is_seen_open_and_closed_again()
    {
        _notify.Senders[Channel.Sms].Answer = _ => new SendResult.Unavailable("503", TimeSpan.FromSeconds(6));
        await DispatchAsync(30, Channel.Sms);
        await _notify.RunQueuesAsync();

        Assert.Equal(1, _metrics.Last("notify.circuit.open")["channel=sms provider=twilio"]);
        Assert.Equal(0, _metrics.Last("notify.circuit.open")["channel=sms provider=second"]);

        _notify.Senders[Channel.Sms].Answer = _ => new SendResult.Accepted("m");
        _notify.Clock.Advance(new ResilienceOptions().CircuitBreak);
        await DispatchAsync(5, Channel.Sms, "e2");
        await _notify.RunQueuesAsync();
        await DispatchAsync(1, Channel.Sms, "e3");
        await _notify.RunQueuesAsync();

        Assert.Equal(0, _metrics.Last("notify.circuit.open")["channel=sms provider=twilio"]);
        Assert.NotEmpty(_metrics.Sums("notify.rate.wait"));
    }

    [Fact]
    public async Task Dead_letters_and_what_waits_for_a_provider_are_counted()
    {
        _notify.Senders[Channel.Push].Answer = _ => new SendResult.Unavailable("503", TimeSpan.FromSeconds(6));
        await DispatchAsync(20, Channel.Push);
        await _notify.RunQueuesAsync();
        await DispatchAsync(2, Channel.Push, "e2");
        await _notify.RunQueuesAsync();

        Assert.Equal("channel=push reason=circuit", Assert.Single(_metrics.Last("notify.deliveries.deferred")).Key);

        for (var minute = 0; minute < 120; minute++)
        {
            _notify.Clock.Advance(TimeSpan.FromMinutes(1));
            await _notify.RunQueuesAsync();
        }
        Assert.Contains(_metrics.Sums("notify.deliveries.dead_lettered"), line =>
            line.StartsWith("cause=retries_used_up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reports_are_counted_once()
    {
        await DispatchAsync(1, Channel.Sms);
        await _notify.RunQueuesAsync();
        var delivery = await _notify.ReadOnlyDeliveryAsync("e1");
        var report = new ProviderReport(delivery.Id + "~1", null, ReportedFact.Delivered, _notify.Clock.GetUtcNow());
        await _notify.Get<ReportRecorder>().MergeAsync("twilio", [report], CancellationToken.None);
        await _notify.Get<ReportRecorder>().MergeAsync("twilio", [report], CancellationToken.None);

        Assert.Equal(["channel=sms provider=twilio 1"], _metrics.Sums("notify.deliveries.delivered"));
        Assert.Equal(["channel=sms fact=delivered provider=twilio 1"], _metrics.Sums("notify.reports"));
    }

    [Fact]
    public async Task The_backlog_is_measured()
    {
        await DispatchAsync(3, Channel.Sms);
        await _notify.Backends.Queues.SendAsync(ChannelQueues.Sms + "-poison", "x", TimeSpan.Zero, CancellationToken.None);
        await _notify.DispatchAsync(_notify.Record(
            TestEvents.Alert("later") with { Priority = Priority.Low, Channels = [Channel.Email], Recipients = ["user_1"] }));
        _notify.Clock.Advance(Window + TimeSpan.FromMinutes(7));

        await new BacklogFunction(_notify.Get<Backlog>()).MeasureBacklog(new TimerInfo(), CancellationToken.None);

        var depths = _metrics.Last("notify.queue.depth");
        Assert.Equal(Backlog.Queues.Count * 2, depths.Count);
        Assert.Equal((1, 1, 0), (depths["queue=notify-sms-urgent"], depths["queue=notify-sms-poison"], depths["queue=notify-push"]));
        Assert.Equal((Window + TimeSpan.FromMinutes(7)).TotalSeconds, _metrics.Last("notify.queue.oldest")["queue=notify-sms-urgent"]);
        Assert.InRange(_metrics.Last("notify.digest.lateness")[""], 7 * 60, (7 * 60) + Window.TotalSeconds);
        Assert.Equal(2, _metrics.Last("notify.topic.lag").Count);
    }

    [Fact]
    public void The_documentation_names_every_instrument()
    {
        var documented = File.ReadLines(Path.Combine(RepositoryRoot.Path, "docs", "operations.md"))
            .Where(line => line.StartsWith("| `notify.", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split(',')).Select(name => name.Split('`')[1]).Order(StringComparer.Ordinal);
        _notify.Get<NotifyMetrics>();
        var published = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            published.AddRange(ReferenceEquals(instrument.Meter.Scope, _notify.Get<IMeterFactory>()) ? [instrument.Name] : [])
        };
        listener.Start();

        Assert.Equal(published.Order(StringComparer.Ordinal), documented);
    }

    private async Task DispatchAsync(int recipients, Channel channel, string id = "e1")
    {
        string[] names = [.. Enumerable.Range(1, recipients).Select(n => $"user_{n}")];
        foreach (var name in names)
        {
            await _notify.AddRecipientAsync(name);
        }
        await _notify.DispatchAsync(_notify.Record(
            TestEvents.Alert(id) with { CreatedAt = _notify.Clock.GetUtcNow(), Channels = [channel], Recipients = names }));
    }
}
