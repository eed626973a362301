using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Moq;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.Functions.Tests.LocalHost.Runtime;

public sealed class KafkaListenerTests : IAsyncDisposable
{
    private const string Topic = "sample.events";
    private const string Group = "sample-group";

    private readonly SampleRuntime _host = new();

    [Fact]
    public async Task Hands_over_records_as_they_stand_on_the_topic_and_commits_them()
    {
        await _host.Backends.Topics.PublishAsync(
            new OutgoingRecord(Topic, "key", "value"u8.ToArray(), new Dictionary<string, string>(StringComparer.Ordinal) { ["h"] = "é" }),
            CancellationToken.None);
        Listen("Records", new KafkaTriggerOptions { MaxBatchSize = 1 });

        var record = Assert.Single(Records(await _host.Probe.NextAsync()));
        await _host.StopAsync();

        Assert.Equal((Topic, 0L), (record.Topic, record.Offset));
        Assert.InRange(record.Partition, 0, 3);
        Assert.Equal("key", Encoding.UTF8.GetString(record.Key!));
        Assert.Equal("value", Encoding.UTF8.GetString(record.Value!));
        Assert.Equal(_host.Clock.GetUtcNow(), record.Timestamp.DateTimeOffset);
        Assert.Equal(("h", "é"), (Assert.Single(record.Headers).Key, record.Headers[0].GetValueAsString()));
        Assert.Equal(0, _host.Backends.Topics.Lag(Topic, Group));
    }

    [Fact]
    public async Task Repeats_a_failed_batch_for_ever_where_the_attribute_says_so()
    {
        _host.Probe.Behaviour = static call => call.Number <= 5 ? throw new IOException("away") : Task.CompletedTask;
        await PublishAsync(3);
        Listen("PatientRecords", new KafkaTriggerOptions { MaxBatchSize = 3, CommitOnFailure = true, MaxRetries = 0 });

        foreach (var seconds in new[] { 1, 2, 4, 4, 4 })
        {
            await _host.Probe.NextAsync();
            Assert.Equal(3, _host.Backends.Topics.Lag(Topic, Group));
            await _host.Clock.WaitForTimerAsync(TimeSpan.FromSeconds(seconds));
            _host.Clock.Advance(TimeSpan.FromSeconds(seconds));
        }
        await _host.Probe.NextAsync();
        await _host.StopAsync();

        Assert.All(_host.Probe.Calls, c => Assert.Equal(3, Records(c).Length));
        Assert.Equal(6, _host.Probe.Calls.Count);
        Assert.Equal(0, _host.Backends.Topics.Lag(Topic, Group));
    }

    [Fact]
    public async Task Commits_nothing_when_it_is_stopped_between_two_tries()
    {
        _host.Probe.Behaviour = static _ => throw new IOException("away");
        await PublishAsync(2);
        Listen("PatientRecords", new KafkaTriggerOptions { MaxBatchSize = 2 });
        await _host.Probe.NextAsync();
        await _host.Clock.WaitForTimerAsync(TimeSpan.FromSeconds(1));

        await _host.StopAsync();

        Assert.Equal(2, _host.Backends.Topics.Lag(Topic, Group));
        await using var successor = new SuccessorOf(_host);
        Assert.Equal(2, Records(await successor.FirstBatchAsync()).Length);
    }

    [Fact]
    public async Task Executes_a_failed_batch_again_and_again_without_commitOnFailure()
    {
        _host.Probe.Behaviour = static call => call.Number <= 7 ? throw new IOException("away") : Task.CompletedTask;
        await PublishAsync(1);
        Listen("Records", new KafkaTriggerOptions { MaxBatchSize = 1, CommitOnFailure = false, MaxRetries = -1 });

        for (var i = 0; i < 7; i++)
        {
            await _host.Probe.NextAsync();
            await _host.Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(100));
            _host.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }
        await _host.Probe.NextAsync();
        await _host.StopAsync();

        Assert.Equal(0, _host.Backends.Topics.Lag(Topic, Group));
        Assert.DoesNotContain(_host.Log.Messages(LogLevel.Error), m => m.Contains("skipped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Says_what_it_skips_when_maxRetries_is_used_up()
    {
        _host.Probe.Behaviour = static call => Records(call)[0].Offset == 0 ? throw new IOException("bad") : Task.CompletedTask;
        await PublishAsync(2);
        Listen("Records", new KafkaTriggerOptions { MaxBatchSize = 1, CommitOnFailure = false, MaxRetries = 2 });

        for (var i = 0; i < 2; i++)
        {
            await _host.Probe.NextAsync();
            await _host.Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(100));
            _host.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }
        await _host.Probe.NextAsync();
        Assert.Equal(1, Records(await _host.Probe.NextAsync())[0].Offset);
        await _host.StopAsync();

        Assert.Equal(0, _host.Backends.Topics.Lag(Topic, Group));
        Assert.Contains(_host.Log.Messages(LogLevel.Error), m => m.Contains("1 records are skipped", StringComparison.Ordinal)
            && m.Contains("/0-0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Skips_a_failed_batch_at_once_with_commitOnFailure()
    {
        _host.Probe.Behaviour = static call => call.Number == 1 ? throw new IOException("bad") : Task.CompletedTask;
        await PublishAsync(2);
        Listen("Records", new KafkaTriggerOptions { MaxBatchSize = 1, CommitOnFailure = true });

        await _host.Probe.NextAsync();
        Assert.Equal(1, Records(await _host.Probe.NextAsync())[0].Offset);
        await _host.StopAsync();

        Assert.Equal(0, _host.Backends.Topics.Lag(Topic, Group));
        Assert.Contains(_host.Log.Messages(LogLevel.Error), m => m.Contains("skipped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Subscribes_anew_when_the_subscription_breaks()
    {
        var broken = new Mock<ITopicConsumer>();
        broken.Setup(c => c.WaitToReadAsync(It.IsAny<CancellationToken>())).ThrowsAsync(new IOException("fatal"));
        var source = new Mock<ITopicSource>();
        source.SetupSequence(s => s.Subscribe(Topic, Group))
            .Throws(new IOException("away"))
            .Returns(broken.Object)
            .Returns(() => _host.Backends.Topics.Subscribe(Topic, Group));
        await PublishAsync(1);
        Listen("Records", new KafkaTriggerOptions { MaxBatchSize = 1 }, source.Object);
        foreach (var milliseconds in new[] { 100, 200 })
        {
            await _host.Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(milliseconds));
            _host.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }

        await _host.Probe.NextAsync();

        broken.Verify(c => c.DisposeAsync(), Times.Once);
    }

    [Fact]
    public async Task Does_a_batch_again_by_nobody_where_only_the_commit_fails()
    {
        var consumer = new Mock<ITopicConsumer>();
        var record = new TopicRecord(Topic, 0, 0, null, null, default, []);
        consumer.SetupSequence(c => c.TryRead(out record)).Returns(true).Returns(false);
        consumer.Setup(c => c.WaitToReadAsync(It.IsAny<CancellationToken>()))
            .Returns(static async (CancellationToken token) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
                return true;
            });
        var committing = new TaskCompletionSource();
        consumer.Setup(c => c.CommitAsync(It.IsAny<IReadOnlyList<TopicRecord>>(), It.IsAny<CancellationToken>()))
            .Callback(committing.SetResult).ThrowsAsync(new IOException("away"));
        var source = new Mock<ITopicSource>();
        source.Setup(s => s.Subscribe(Topic, Group)).Returns(consumer.Object);
        Listen("Records", new KafkaTriggerOptions { MaxBatchSize = 1 }, source.Object);

        await _host.Probe.NextAsync();
        await committing.Task.WaitAsync(Patience.Limit, CancellationToken.None);
        await _host.StopAsync();

        Assert.Single(_host.Probe.Calls);
        Assert.Contains(_host.Log.Messages(LogLevel.Warning), m => m.Contains("could not be committed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Finishes_the_batch_in_hand_when_it_is_stopped()
    {
        var goOn = new TaskCompletionSource();
        _host.Probe.Behaviour = _ => goOn.Task;
        await PublishAsync(1);
        Listen("Records", new KafkaTriggerOptions { MaxBatchSize = 1 });
        var call = await _host.Probe.NextAsync();

        var stopping = _host.StopAsync();
        Assert.False(call.CancellationToken.IsCancellationRequested);
        Assert.True(_host.IsListening);
        goOn.SetResult();
        await stopping;

        Assert.Equal(0, _host.Backends.Topics.Lag(Topic, Group));
    }

    [Fact]
    public async Task Gives_the_batch_in_hand_up_uncommitted_when_the_time_is_over()
    {
        _host.Probe.Behaviour = static call => Task.Delay(Timeout.InfiniteTimeSpan, call.CancellationToken);
        await PublishAsync(1);
        Listen("Records", new KafkaTriggerOptions { MaxBatchSize = 1 });
        await _host.Probe.NextAsync();

        await _host.AbandonAsync();

        Assert.Equal(1, _host.Backends.Topics.Lag(Topic, Group));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private void Listen(string name, KafkaTriggerOptions options, ITopicSource? source = null)
    {
        var function = _host.Function(name);
        var executor = new BatchExecutor(function, _host.Invoker, options, _host.Clock, _host.Log);
        _host.Run(new KafkaListener(
            (KafkaFunctionTrigger)function.Trigger, source ?? _host.Backends.Topics, executor, options, _host.Clock, _host.Log));
    }

    private async Task PublishAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _host.Backends.Topics.PublishAsync(
                new OutgoingRecord(Topic, "one key", Encoding.UTF8.GetBytes($"{i}"),
                    new Dictionary<string, string>(StringComparer.Ordinal)), CancellationToken.None);
        }
    }

    private static KafkaRecord[] Records(ProbeCall call) => (KafkaRecord[])call.Value;

    /// <summary>Another host on the same backends.</summary>
    private sealed class SuccessorOf(SampleRuntime first) : IAsyncDisposable
    {
        private readonly SampleRuntime _second = new();

        public Task<ProbeCall> FirstBatchAsync()
        {
            var function = _second.Function("Records");
            var options = new KafkaTriggerOptions { MaxBatchSize = 2 };
            var executor = new BatchExecutor(function, _second.Invoker, options, _second.Clock, _second.Log);
            _second.Run(new KafkaListener(
                (KafkaFunctionTrigger)function.Trigger, first.Backends.Topics, executor, options, _second.Clock, _second.Log));
            return _second.Probe.NextAsync();
        }

        public ValueTask DisposeAsync() => _second.DisposeAsync();
    }
}
