using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Intake;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Intake;

public sealed class BatchIntakeTests
{
    private const string Urgent =
        """{"id":"%","type":"alert","priority":"critical","recipients":["user_1"],"channels":["push"],"payload":{"message":"x"}}""";
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task Every_event_gets_a_result_of_its_own_in_order()
    {
        var broker = new ScriptedBroker();
        broker.Refuses.Add("b");
        using var notify = Harness(broker);
        await notify.AddRecipientAsync("user_1");

        var results = await AcceptAsync(notify, Named("a"), "{}", Named("b"), Named("c"), "7",
            Named("d").Replace("\"id\":\"d\",", "", StringComparison.Ordinal));

        Assert.Equal([202, 400, 503, 202, 400, 202], results.Select(result => result.Status));
        Assert.Equal(["a", null, "b", "c", null], results.SkipLast(1).Select(result => result.Id));
        Assert.Equal(32, results[^1].Id!.Length);
        Assert.All(results, result => Assert.Equal(result.Status == 400, result.Errors is not null));
        Assert.InRange(results[1].Errors!.Count(), 5, 10);
        Assert.Equal(["a", "c", results[^1].Id!], broker.Published.Select(Id).OrderBy(id => id.Length)
            .ThenBy(id => id, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Events_are_published_at_once_and_not_one_after_the_other()
    {
        var broker = new ScriptedBroker { WaitsFor = 100 };
        using var notify = Harness(broker);

        var results = await AcceptAsync(notify,
            [.. Enumerable.Range(0, 100).Select(n => Named("e" + n).Replace("critical", "low", StringComparison.Ordinal))]).WaitAsync(
                Patience.Limit);

        Assert.All(results, result => Assert.Equal(202, result.Status));
        Assert.Equal(Enumerable.Range(0, 100).Select(n => "e" + n), results.Select(result => result.Id));
        Assert.All(broker.Published, record => Assert.Equal("notifications.incoming", record.Topic));
    }

    [Fact]
    public async Task Urgent_events_that_were_acknowledged_are_dispatched_at_once_and_the_others_are_left_to_the_trigger()
    {
        var broker = new ScriptedBroker();
        broker.Refuses.Add("b");
        using var notify = Harness(broker);
        await notify.AddRecipientAsync("user_1");

        await AcceptAsync(notify, Named("a"), Named("b"), Named("c").Replace("critical", "normal", StringComparison.Ordinal),
            Named("d").Replace("critical", "high", StringComparison.Ordinal));
        await notify.RunQueuesAsync();

        Assert.Equal(2, notify.Senders[Channel.Push].Targets.Count);
        Assert.Equal("notifications.urgent", (await notify.ReadAsync("a")).Source.Topic);
        Assert.Equal("notifications.urgent", (await notify.ReadAsync("d")).Source.Topic);
        await Assert.ThrowsAsync<InvalidOperationException>(() => notify.ReadAsync("b"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => notify.ReadAsync("c"));
    }

    [Fact]
    public async Task A_dispatch_of_its_own_that_takes_too_long_is_left_to_the_trigger()
    {
        var broker = new ScriptedBroker();
        using var notify = Harness(broker);
        notify.Tables.BeforeWrite = (_, _) => throw new TimeoutException("away");
        var start = notify.Clock.GetUtcNow();

        var accepting = AcceptAsync(notify, Named("a"), Named("b"));
        while (!accepting.IsCompleted)
        {
            notify.Clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1);
        }

        Assert.All(await accepting, result => Assert.Equal(202, result.Status));
        Assert.True(notify.Clock.GetUtcNow() - start >= EventIntake.OwnDispatchLimit);
        Assert.Equal(2, broker.Published.Count);
    }

    [Fact]
    public async Task The_caller_s_trace_goes_with_events_that_have_none()
    {
        var broker = new ScriptedBroker();
        using var notify = Harness(broker);

        await AcceptAsync(notify, Named("a"),
            Named("b").Replace("{\"id\"", "{\"traceparent\":\"00-own\",\"id\"", StringComparison.Ordinal));

        Assert.Equal(["00-own", Trace], broker.Published.Select(record => record.Headers["traceparent"]).OrderBy(trace => trace.Length));
    }

    private static string Named(string id) => Urgent.Replace("%", id, StringComparison.Ordinal);

    private static string Id(OutgoingRecord record) => EventReader.Read(record.Value, new EventDefaults(null, default)).Event!.Id;

    private static NotifyHarness Harness(ScriptedBroker broker) =>
        new(configure: services => services.Replace(ServiceDescriptor.Singleton<IEventPublisher>(broker)));

    private static Task<IReadOnlyList<BatchResult>> AcceptAsync(NotifyHarness notify, params string[] events) =>
        notify.Get<BatchIntake>().AcceptAsync([.. events.Select(one => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(one))], Trace,
            CancellationToken.None);

    // Keeps what it is given; refuses some, and waits until so many records came.
    private sealed class ScriptedBroker : IEventPublisher
    {
        private readonly ConcurrentQueue<OutgoingRecord> _published = new();
        private readonly TaskCompletionSource _allThere = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _came;

        public int WaitsFor { get; init; }

        public HashSet<string> Refuses { get; } = [];

        public IReadOnlyList<OutgoingRecord> Published => [.. _published];

        public async Task<EventPosition> PublishAsync(OutgoingRecord record, CancellationToken cancellationToken)
        {
            var offset = Interlocked.Increment(ref _came);
            if (offset >= WaitsFor)
            {
                _allThere.TrySetResult();
            }
            await _allThere.Task;
            if (Refuses.Contains(Id(record)))
            {
                throw new EventNotAcknowledgedException("refused");
            }
            _published.Enqueue(record);
            return new EventPosition(record.Topic, 0, offset);
        }
    }
}
