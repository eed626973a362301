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
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.LocalHost;
using Notify.LocalHost.InMemory;
using Notify.LocalHost.Runtime.Queues;
using Xunit.Abstractions;

namespace Notify.Functions.Tests.Sending.Throttling;

/// <summary>The send path under a limit, in time that the test makes pass: a queue trigger's sixteen messages at once, a quarter of a second a step.</summary>
public sealed class RateLimitTests(ITestOutputHelper output)
{
    private const int AtOnce = 16;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task A_campaign_of_twenty_thousand_requests_keeps_the_rate_and_is_put_off_once()
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
        // Put on the queue and taken from it, once more than those that never wait.
        var operations = 2.0 * run.Queues.Delayed / run.Deferred;
        output.WriteLine($"{Emails} emails in {run.Passed.TotalSeconds:f0} s; {before} messages, {run.Deferred} deliveries put off with {run.Queues.Delayed} more: {operations:f3} queue operations each");
        Assert.True(run.Deferred > Emails / 2, $"{run.Deferred}");
        Assert.True(operations <= 2, $"{operations}");
        // Four fifths of the rate are for bulk.
        Assert.InRange(run.Passed, TimeSpan.FromSeconds(Emails / (Rate * 0.8) * 0.95), TimeSpan.FromSeconds(Emails / (Rate * 0.8) * 2));
    }

    [Fact]
    public async Task Urgent_messages_have_their_share_while_bulk_takes_all_it_can_and_none_uses_up_an_attempt()
    {
        const int Rate = 20;
        var run = new Run(Channel.Sms, Rate);
        using var notify = run.Notify;
        await notify.DispatchAsync(notify.Record(Texts("bulk", Priority.Normal, 600)));
        await run.UntilAsync(() => run.Starts.Count > 100, TimeSpan.FromMinutes(1));

        await notify.DispatchAsync(notify.Record(Texts("urgent", Priority.High, 60)));
        var asked = run.Passed;
        await run.UntilAsync(() => run.Starts.Count(start => run.IsOf(start, "urgent")) == 60, TimeSpan.FromMinutes(1));

        // Sixty at four a second.
        Assert.InRange(run.Passed - asked, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(17));
        Assert.True(run.Starts.Count < 500, $"Bulk was through already: {run.Starts.Count}.");
        await run.UntilAsync(() => run.Starts.Count == 660, TimeSpan.FromMinutes(2));
        run.AssertWithin(Rate);
        Assert.All((await notify.ReadAsync("bulk")).Deliveries, delivery => Assert.Equal(("sent", 1), (delivery.Status, delivery.Attempts)));
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
        Recipients = [.. Enumerable.Range(0, recipients).Select(n => string.Create(CultureInfo.InvariantCulture, $"tel:+1202{(priority.IsUrgent() ? 6 : 5)}{n:d6}"))],
    };

    /// <summary>A run of the lanes.</summary>
    private sealed class Run
    {
        private readonly ManualClock _clock = new();
        private readonly ConcurrentQueue<(double At, string Target)> _starts = new();
        private readonly HashSet<string> _deferred = new(StringComparer.Ordinal);
        private readonly Dictionary<string, List<Task>> _running = new(StringComparer.Ordinal);
        private readonly Channel _channel;
        private readonly DateTimeOffset _began;

        public Run(Channel channel, double rate)
        {
            _channel = channel;
            _began = _clock.GetUtcNow();
            var backends = new EmbeddedBackends(_clock);
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

        public int Deferred => _deferred.Count;

        public TimeSpan Passed => _clock.GetUtcNow() - _began;

        public bool IsOf((double At, string Target) start, string id) => start.Target.Contains(Notify.Get<Identities>().EventHash(null, id), StringComparison.Ordinal);

        /// <summary>Lets the lanes' triggers work until something is so.</summary>
        // Away from the test's own context, everything goes on in the thread that moves the clock, so that time does not run away from work.
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
            var lane = Lanes.Of(_channel, isUrgent);
            if (!_running.TryGetValue(lane, out var running))
            {
                _running[lane] = running = [];
            }
            foreach (var done in running.Where(task => task.IsCompleted).ToList())
            {
                await done;
                running.Remove(done);
            }
            var free = AtOnce - running.Count;
            foreach (var lease in free == 0 ? [] : await Notify.Backends.Queues.ReceiveAsync(lane, free, TimeSpan.FromMinutes(10), CancellationToken.None))
            {
                var message = Encoding.UTF8.GetString(lease.Body!.Value.Span);
                _deferred.UnionWith(EnvelopeFormat.Read(message).Deliveries.Where(delivery => delivery.Deferral is not null).Select(delivery => delivery.Id));
                running.Add(HandleAsync(lease, message));
            }
        }

        private async Task HandleAsync(QueueLease lease, string message)
        {
            await Notify.Get<SendPath>().HandleAsync(_channel, message, CancellationToken.None);
            await Notify.Backends.Queues.DeleteAsync(lease, CancellationToken.None);
        }
    }
}
