using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Pipeline;
using Notify.Functions.Sending.Throttling;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.LocalHost;
using Notify.LocalHost.InMemory;
using Notify.LocalHost.Runtime.Queues;
using Xunit.Abstractions;

namespace Notify.Functions.Tests.Sending.Throttling;

/// <summary>
/// The send path under a limit, in time that the test makes pass: a queue trigger's messages at once, a tenth of a second a step.
/// </summary>
public sealed class RateLimitTests(ITestOutputHelper output)
{
    // host.json: newBatchThreshold and batchSize.
    private const int TakesMore = WaitingRoom.Places;
    private const int Batch = 16;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_campaign_of_twenty_thousand_requests_keeps_the_rate_and_is_put_off_one_and_a_half_times_at_most()
    {
        const int Emails = 20_000;
        const int Rate = 100;
        var run = new Run(Channel.Email, Rate);
        using var notify = run.Notify;
        for (var done = 0; done < Emails; done += 500)
        {
            // An event each, so that each is a request.
            await notify.DispatchAsync([.. Enumerable.Range(done, 500).Select(n => notify.Record(TestEvents.Alert($"e{n}") with
            {
                Type = EventType.Marketing,
                Priority = Priority.Low,
                Channels = [Channel.Email],
                Recipients = [string.Create(CultureInfo.InvariantCulture, $"mailto:somebody-{n}@example.com")],
            }))]);
        }
        var before = run.Queues.Messages;

        await run.UntilAsync(() => run.Starts.Count == Emails, TimeSpan.FromMinutes(10));

        run.AssertWithin(Rate);
        Assert.Equal(Emails, run.Starts.Select(start => start.Target).Distinct(StringComparer.Ordinal).Count());
        output.WriteLine(
            $"{Emails} emails in {run.Passed.TotalSeconds:f0} s; {before} messages, {run.Deferrals} times put off "
                + $"with {run.Queues.Delayed} more");
        Assert.True(run.Deferred > Emails / 2, $"{run.Deferred}");
        Assert.True(run.Deferrals <= 1.5 * Emails, $"{run.Deferrals}");
        // Put on the queue and taken from it, once more than those that never wait.
        Assert.True(run.Queues.Delayed <= run.Deferred, $"{run.Queues.Delayed}");
        Assert.InRange(run.Passed, TimeSpan.FromSeconds(Emails / (double)Rate * 0.95), TimeSpan.FromSeconds(Emails / (double)Rate / 0.95));
    }

    [Theory]
    [InlineData(Priority.High, 200, true)]
    [InlineData(Priority.High, 200, false)]
    [InlineData(Priority.Normal, 300, true)]
    [InlineData(Priority.Normal, 300, false)]
    [InlineData(Priority.Critical, 200, true)]
    [InlineData(Priority.Critical, 200, false)]
    public async Task Who_is_alone_has_the_whole_rate_to_the_end(Priority priority, int count, bool oneEvent)
    {
        const int Rate = 20;
        var run = new Run(Channel.Sms, Rate);
        using var notify = run.Notify;
        await run.DispatchAsync("alone", priority, count, oneEvent);

        await run.UntilAsync(() => run.Starts.Count == count, TimeSpan.FromMinutes(1));

        run.AssertWithin(Rate);
        var seconds = run.Starts.Select(start => start.At).Order().ToList();
        var (whole, half) = ((count - 1) / (seconds[^1] - seconds[0]), ((count / 2) - 1) / (seconds[^1] - seconds[count - (count / 2)]));
        output.WriteLine($"{whole:f1}/s, the second half {half:f1}/s; {run.Deferrals} times put off");
        Assert.True(whole >= 19 && half >= 0.95 * 19, $"{whole:f1}/s, {half:f1}/s");
        Assert.True(run.Deferrals <= 1.5 * count, $"{run.Deferrals}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_critical_message_overtakes_three_hundred_high_ones(bool oneEvent)
    {
        const int Rate = 20;
        var run = new Run(Channel.Sms, Rate);
        using var notify = run.Notify;
        await run.DispatchAsync("high", Priority.High, 300, oneEvent);
        await run.DispatchAsync("critical", Priority.Critical, 1, oneEvent);

        await run.UntilAsync(() => run.Starts.Any(start => run.IsOf(start, "critical")), TimeSpan.FromMinutes(1));

        Assert.InRange(run.Passed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Where_all_wait_each_class_has_its_share()
    {
        const int Rate = 20;
        var run = new Run(Channel.Sms, Rate);
        using var notify = run.Notify;
        foreach (var priority in new[] { Priority.Critical, Priority.High, Priority.Normal })
        {
            await run.DispatchAsync(priority.Name(), priority, 400, oneEvent: false);
        }

        await run.UntilAsync(() => run.Passed > TimeSpan.FromSeconds(25), TimeSpan.FromMinutes(1));

        run.AssertWithin(Rate);
        var later = run.Starts.Where(start => start.At > 5).ToList();
        var shares = new[] { Priority.Critical, Priority.High, Priority.Normal }
            .Select(priority => later.Count(start => run.IsOf(start, priority.Name())) / (double)later.Count).ToList();
        output.WriteLine(string.Join(", ", shares.Select(share => share.ToString("f3", CultureInfo.InvariantCulture))));
        Assert.True(later.Count >= 19 * 20, $"{later.Count}");
        Assert.InRange(shares[0], 0.5, 0.7);
        Assert.InRange(shares[1], 0.1, 0.3);
        Assert.InRange(shares[2], 0.1, 0.3);
    }

    [Fact]
    public async Task Urgent_messages_go_first_while_bulk_keeps_its_share_and_none_uses_up_an_attempt()
    {
        const int Rate = 20;
        var run = new Run(Channel.Sms, Rate);
        using var notify = run.Notify;
        await run.DispatchAsync("bulk", Priority.Normal, 600, oneEvent: true);
        await run.UntilAsync(() => run.Starts.Count > 100, TimeSpan.FromMinutes(1));
        var before = run.Starts.Count;

        await run.DispatchAsync("urgent", Priority.High, 60, oneEvent: true);
        var asked = run.Passed;
        await run.UntilAsync(() => run.Starts.Count(start => run.IsOf(start, "urgent")) == 60, TimeSpan.FromMinutes(1));

        // Sixty at sixteen a second, and fifteen of bulk meanwhile.
        Assert.InRange(run.Passed - asked, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6));
        Assert.InRange(run.Starts.Count - before - 60, 10, 30);
        await run.UntilAsync(() => run.Starts.Count == 660, TimeSpan.FromMinutes(2));
        run.AssertWithin(Rate);
        Assert.All((await notify.ReadAsync("bulk")).Deliveries, delivery =>
            Assert.Equal(("sent", 1), (delivery.Status, delivery.Attempts)));
    }

    [Fact]
    public async Task A_sender_that_storage_has_held_up_takes_another_turn()
    {
        const int Rate = 20;
        var run = new Run(Channel.Sms, Rate);
        using var notify = run.Notify;
        var held = true;
        // Claims stand still for three seconds; without another turn all of them would go out at once.
        notify.Tables.BeforeWrite = async (table, writes) =>
        {
            while (held && table == "deliveries" && writes.Any(write => write.Row.Key.Contains('~', StringComparison.Ordinal)))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), notify.Clock);
            }
        };
        await notify.DispatchAsync(notify.Record(Texts("bulk", Priority.Normal, 150)));
        await run.UntilAsync(() => run.Passed > TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(1));
        Assert.Empty(run.Starts);

        held = false;
        await run.UntilAsync(() => run.Starts.Count == 150, TimeSpan.FromMinutes(2));

        run.AssertWithin(Rate);
    }

    private static NotificationEvent Texts(string id, Priority priority, int recipients) => TestEvents.Alert(id) with
    {
        Type = EventType.Transactional,
        Priority = priority,
        Channels = [Channel.Sms],
        Recipients = [.. Enumerable.Range(0, recipients)
            .Select(n => string.Create(CultureInfo.InvariantCulture, $"tel:+1202{(int)priority + 4}{n:d6}"))],
    };

    /// <summary>A run of the lanes.</summary>
    private sealed class Run
    {
        private readonly ManualClock _clock = new();
        private readonly ConcurrentQueue<(double At, string Target)> _starts = new();
        private readonly HashSet<string> _deferred = new(StringComparer.Ordinal);
        private readonly Dictionary<string, List<Task>> _running = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
        private readonly Channel _channel;
        private readonly DateTimeOffset _began;

        public Run(Channel channel, double rate)
        {
            _channel = channel;
            _began = _clock.GetUtcNow();
            var backends = new InMemoryBackends(_clock);
            Queues = new CountingQueues(backends.Queues);
            Notify = new NotifyHarness(
                backends,
                _clock,
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    [$"Notify:Channels:{channel.Name()}:RateLimit"] = rate.ToString(CultureInfo.InvariantCulture),
                    ["Notify:Batching:Enabled"] = "false",
                },
                services => services.Replace(ServiceDescriptor.Singleton<IQueues>(Queues)));
            Notify.Senders[channel].Meanwhile = request =>
            {
                _starts.Enqueue((Passed.TotalSeconds, request.Targets[0].AttemptId));
                return Task.CompletedTask;
            };
        }

        public NotifyHarness Notify { get; }

        public CountingQueues Queues { get; }

        public IReadOnlyCollection<(double At, string Target)> Starts => _starts;

        /// <summary>How many deliveries were put off.</summary>
        public int Deferred => _deferred.Count;

        /// <summary>How often any was.</summary>
        public int Deferrals { get; private set; }

        public TimeSpan Passed => _clock.GetUtcNow() - _began;

        public bool IsOf((double At, string Target) start, string id) =>
            AttemptId.TryParse(start.Target, out var attempt) && _names.GetValueOrDefault(attempt.Delivery.EventHash) == id;

        private void Of(string eventId, string id) => _names[Notify.Get<KeyedHashes>().EventHash(null, eventId)] = id;

        /// <summary>Text messages to so many, in one event or an event each, as they come from the topic.</summary>
        public async Task DispatchAsync(string id, Priority priority, int count, bool oneEvent)
        {
            var all = Texts(id, priority, count);
            foreach (var one in oneEvent
                ? [all]
                : all.Recipients.Select((recipient, n) =>
                    all with { Id = string.Create(CultureInfo.InvariantCulture, $"{id}-{n}"), Recipients = [recipient] }))
            {
                Of(one.Id, id);
                await Notify.DispatchAsync(Notify.Record(one));
            }
        }

        /// <summary>Lets the lanes' triggers work until something is so.</summary>
        // Away from the test's own context, everything goes on in the thread that moves the clock, so that time does not run away from
        // work.
        public Task UntilAsync(Func<bool> isSo, TimeSpan patience) => Task.Run(async () =>
        {
            var limit = Passed + patience;
            while (!isSo())
            {
                Assert.True(Passed < limit, $"Only {_starts.Count} went in {Passed}.");
                await TakeAsync(isUrgent: true);
                await TakeAsync(isUrgent: false);
                _clock.Advance(Step);
            }
        });

        /// <summary>Asserts that no second saw more than the rate and a burst of as many.</summary>
        public void AssertWithin(int rate)
        {
            var seconds = _starts.Select(start => start.At).Order().ToList();
            for (int from = 0, to = 0; from < seconds.Count; from++)
            {
                for (; to < seconds.Count && seconds[to] < seconds[from] + 1; to++)
                {
                }
                Assert.True(to - from <= 2 * rate, $"{to - from} went in the second from {seconds[from]:f2} s.");
            }
        }

        private async Task TakeAsync(bool isUrgent)
        {
            var lane = ChannelQueues.QueueFor(_channel, isUrgent);
            if (!_running.TryGetValue(lane, out var running))
            {
                _running[lane] = running = [];
            }
            foreach (var done in running.Where(task => task.IsCompleted).ToList())
            {
                await done;
                running.Remove(done);
            }
            // As the listener does: as long as it takes more, it asks again at once.
            for (var more = true; more && running.Count <= TakesMore; running.RemoveAll(task => task.IsCompletedSuccessfully))
            {
                var leases = await Notify.Backends.Queues.ReceiveAsync(lane, Batch, TimeSpan.FromMinutes(10), CancellationToken.None);
                more = leases.Count > 0;
                foreach (var lease in leases)
                {
                    var message = Encoding.UTF8.GetString(lease.Body!.Value.Span);
                    var back = EnvelopeSerializer.Read(message).Deliveries.Where(delivery => delivery.Deferral is not null)
                        .Select(delivery => delivery.Id).ToList();
                    _deferred.UnionWith(back);
                    Deferrals += back.Count;
                    running.Add(HandleAsync(lease, message));
                }
            }
        }

        private async Task HandleAsync(QueueLease lease, string message)
        {
            await Notify.Get<SendPipeline>().HandleAsync(_channel, message, CancellationToken.None);
            await Notify.Backends.Queues.DeleteAsync(lease, CancellationToken.None);
        }
    }
}
