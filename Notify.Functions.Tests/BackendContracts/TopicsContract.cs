using System.Text;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>
/// What every trio of <see cref="IEventPublisher"/>, <see cref="ITopicSource"/> and <see cref="IConsumerLag"/> on one broker does.
/// </summary>
public abstract class TopicsContract : IAsyncLifetime
{

    private readonly List<ITopicConsumer> _consumers = [];
    private IEventPublisher? _publisher;
    private ITopicSource? _source;
    private IConsumerLag? _lag;

    protected IEventPublisher Publisher => _publisher ?? throw new InvalidOperationException("Not set up.");

    protected ITopicSource Source => _source ?? throw new InvalidOperationException("Not set up.");

    /// <summary>A name that nobody has used.</summary>
    protected string Topic { get; } = $"contract.{Guid.NewGuid():N}";

    public async Task InitializeAsync() => (_publisher, _source, _lag) = await CreateAsync();

    public virtual async Task DisposeAsync()
    {
        foreach (var consumer in _consumers)
        {
            await consumer.DisposeAsync();
        }
    }

    /// <summary>The implementations under test. A topic has several partitions.</summary>
    protected abstract Task<(IEventPublisher Publisher, ITopicSource Source, IConsumerLag Lag)> CreateAsync();

    [ContractFact]
    public async Task Delivers_a_record_as_it_was_published()
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["content-type"] = "application/json", ["note"] = "Grüße" };
        var position = await Publisher.PublishAsync(
            new OutgoingRecord(Topic, "ключ / \\ # ?", Encoding.UTF8.GetBytes("значение 🎉"), headers), CancellationToken.None);

        var record = Assert.Single(await ReadAsync(Join("g"), 1));

        Assert.Equal((position.Topic, position.Partition, position.Offset), (record.Topic, record.Partition, record.Offset));
        Assert.Equal("ключ / \\ # ?", Encoding.UTF8.GetString(record.Key!));
        Assert.Equal("значение 🎉", ValueOf(record));
        Assert.Equal(
            headers.OrderBy(h => h.Key, StringComparer.Ordinal),
            record.Headers.Select(h => KeyValuePair.Create(h.Name, Encoding.UTF8.GetString(h.Value)))
                .OrderBy(h => h.Key, StringComparer.Ordinal));
        Assert.True(record.Timestamp > DateTimeOffset.UnixEpoch);
    }

    [ContractFact]
    public async Task Keeps_the_records_of_a_key_in_one_partition_and_in_order()
    {
        for (var i = 0; i < 60; i++)
        {
            await PublishAsync($"key{i % 6}", $"{i:D3}");
        }

        var records = await ReadAsync(Join("g"), 60);

        foreach (var key in records.GroupBy(r => Encoding.UTF8.GetString(r.Key!), StringComparer.Ordinal))
        {
            Assert.Single(key.Select(r => r.Partition).Distinct());
            Assert.Equal(key.Select(ValueOf).Order(StringComparer.Ordinal), key.Select(ValueOf));
            Assert.Equal(key.Select(r => r.Offset).Order(), key.Select(r => r.Offset));
        }
    }

    [ContractFact]
    public async Task Wakes_a_reader_when_a_record_arrives()
    {
        await PublishAsync("k", "first");
        var consumer = Join("g");
        await ReadAsync(consumer, 1);
        Assert.False(consumer.TryRead(out _));

        var reading = ReadAsync(consumer, 1);
        await PublishAsync("k", "second");

        Assert.Equal("second", ValueOf(Assert.Single(await reading)));
    }

    [ContractFact]
    public async Task Gives_every_group_every_record()
    {
        await PublishAsync("a", "1");
        await PublishAsync("b", "2");

        var first = await ReadAsync(Join("g1"), 2);
        var second = await ReadAsync(Join("g2"), 2);

        Assert.Equal(["1", "2"], first.Select(ValueOf).Order(StringComparer.Ordinal));
        Assert.Equal(["1", "2"], second.Select(ValueOf).Order(StringComparer.Ordinal));
    }

    [ContractFact]
    public async Task Goes_on_after_the_last_commit()
    {
        for (var i = 0; i < 20; i++)
        {
            await PublishAsync($"key{i}", $"{i}");
        }
        var first = Join("g");
        var done = await ReadAsync(first, 20);
        await first.CommitAsync(done, CancellationToken.None);
        await first.DisposeAsync();
        await PublishAsync("key0", "new");

        Assert.Equal(["new"], (await ReadAsync(Join("g"), 1)).Select(ValueOf));
    }

    [ContractFact]
    public async Task Says_how_many_records_a_group_has_not_committed()
    {
        Assert.Equal(0, await LagAsync("g"));
        for (var i = 0; i < 20; i++)
        {
            await PublishAsync($"key{i}", $"{i}");
        }
        Assert.Equal(20, await LagAsync("g"));
        var consumer = Join("g");
        var read = await ReadAsync(consumer, 20);
        Assert.Equal(20, await LagAsync("g"));

        await consumer.CommitAsync(read, CancellationToken.None);

        Assert.Equal((0, 20), (await LagAsync("g"), await LagAsync("another")));
        await PublishAsync("key", "new");
        Assert.Equal(1, await LagAsync("g"));
    }

    [ContractFact]
    public async Task Delivers_again_what_a_consumer_that_died_has_not_committed()
    {
        for (var i = 0; i < 30; i++)
        {
            await PublishAsync("one key, so one partition", $"{i:D2}");
        }
        var first = Join("g");
        var read = await ReadAsync(first, 20);
        await first.CommitAsync([.. read.Take(10)], CancellationToken.None);
        await first.DisposeAsync();

        var again = await ReadAsync(Join("g"), 20);

        Assert.Equal(Enumerable.Range(10, 20).Select(i => $"{i:D2}"), again.Select(ValueOf));
    }

    [ContractFact]
    public async Task Loses_nothing_when_a_second_consumer_joins_and_the_first_dies()
    {
        for (var i = 0; i < 40; i++)
        {
            await PublishAsync($"key{i}", $"a{i}");
        }
        var first = Join("g");
        var read = await ReadAsync(first, 40);
        await first.CommitAsync([.. read.GroupBy(r => r.Partition).SelectMany(p => p.Take(3))], CancellationToken.None);
        var kept = read.GroupBy(r => r.Partition).SelectMany(p => p.Take(3)).Select(ValueOf).ToHashSet(StringComparer.Ordinal);

        var second = Join("g");
        await first.DisposeAsync();
        var expected = read.Select(ValueOf).Where(v => !kept.Contains(v)).ToHashSet(StringComparer.Ordinal);

        // A partition may be read twice on the way: by each owner from the last commit.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!expected.IsSubsetOf(seen))
        {
            seen.Add(ValueOf(Assert.Single(await ReadAsync(second, 1))));
        }
        Assert.Empty(kept.Intersect(seen, StringComparer.Ordinal));
    }

    [ContractFact]
    public async Task Ends_the_wait_of_a_reader_that_is_cancelled()
    {
        var consumer = Join("g");
        using var cancel = new CancellationTokenSource();
        var waiting = consumer.WaitToReadAsync(cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience.Limit, CancellationToken.None));
    }

    [ContractFact]
    public async Task Ends_the_wait_of_a_reader_that_is_closed()
    {
        var consumer = Join("g");
        var waiting = consumer.WaitToReadAsync(CancellationToken.None).AsTask();

        await consumer.DisposeAsync();

        Assert.False(await waiting.WaitAsync(Patience.Limit, CancellationToken.None));
        Assert.False(consumer.TryRead(out _));
    }

    protected static string ValueOf(TopicRecord record) => Encoding.UTF8.GetString(record.Value!);

    private Task<long> LagAsync(string group) =>
        (_lag ?? throw new InvalidOperationException("Not set up.")).MeasureAsync(Topic, $"{Topic}.{group}", CancellationToken.None);

    protected ITopicConsumer Join(string group)
    {
        var consumer = Source.Subscribe(Topic, $"{Topic}.{group}");
        _consumers.Add(consumer);
        return consumer;
    }

    protected Task<EventPosition> PublishAsync(string key, string value) => Publisher.PublishAsync(
        new OutgoingRecord(Topic, key, Encoding.UTF8.GetBytes(value), new Dictionary<string, string>(StringComparer.Ordinal)),
        CancellationToken.None);

    protected static async Task<List<TopicRecord>> ReadAsync(ITopicConsumer consumer, int count)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        var records = new List<TopicRecord>();
        while (records.Count < count)
        {
            if (consumer.TryRead(out var record))
            {
                records.Add(record);
            }
            else
            {
                Assert.True(await consumer.WaitToReadAsync(patience.Token));
            }
        }
        return records;
    }
}
