using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Tests.Backends;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Backends;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.Functions.Tests.LocalHost.Backends;

/// <summary>Members of a group that come, go, dawdle and die.</summary>
[Trait("Category", "Slow")]
public sealed class KafkaGroupTests : IAsyncLifetime
{
    // Long enough for a busy machine to say in time that it is still there; and what comes after such a silence is taken for the end.
    private static readonly TimeSpan Session = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(8);
    private readonly string _topic = $"group.{Guid.NewGuid():N}";
    private readonly TestLog _log = new();
    private readonly LoggerFactory _loggers;
    private KafkaClient? _client;

    public KafkaGroupTests() => _loggers = new([_log], new LoggerFilterOptions { MinLevel = LogLevel.Trace });

    private KafkaClient Client => _client!;

    public async Task InitializeAsync() => _client = new KafkaClient(
        (await RealBackends.KafkaAsync()).Address,
        options =>
        {
            options.PublishTimeout = TimeSpan.FromMinutes(2);
            options.SessionTimeout = Session;
        },
        _loggers.CreateLogger<KafkaTopicSource>());

    public Task DisposeAsync()
    {
        _client?.Dispose();
        _loggers.Dispose();
        _log.Dispose();
        return Task.CompletedTask;
    }

    [SkippableFact]
    public async Task Stays_in_the_group_while_its_reader_dawdles_over_a_full_buffer()
    {
        const int Many = 3000;
        await PublishAsync(Enumerable.Range(0, Many));
        await using var consumer = Join();
        var first = await ReadAsync(consumer, 1);

        // More than two of the group's sessions, with records waiting that nobody takes.
        await Task.Delay((2 * Session) + TimeSpan.FromSeconds(2));

        var rest = await ReadAsync(consumer, Many - 1);
        Assert.Equal(Many, first.Concat(rest).Select(ValueOf).Distinct(StringComparer.Ordinal).Count());
        await consumer.CommitAsync(rest, CancellationToken.None);
        await PublishAsync([Many]);
        Assert.Equal([$"{Many}"], (await ReadAsync(consumer, 1)).Select(ValueOf));
    }

    [SkippableFact]
    public async Task Gives_an_unfinished_batch_to_a_member_that_joins_and_cannot_commit_it_any_more()
    {
        await PublishAsync(Enumerable.Range(0, 40));
        await using var first = Join();
        var batch = await ReadAsync(first, 40);

        await using var second = Join();
        var moved = await ReadAsync(second, 1);
        var partitions = moved.Select(record => record.Partition).ToHashSet();
        while (second.TryRead(out var record) || await MoreAsync(second))
        {
            if (record is not null)
            {
                moved.Add(record);
                partitions.Add(record.Partition);
            }
        }

        // Neither all nor nothing moved; what moved was read by both, and the first one's commit leaves it alone.
        Assert.InRange(partitions.Count, 1, 3);
        Assert.Equal(batch.Where(record => partitions.Contains(record.Partition)).Select(ValueOf).Order(), moved.Select(ValueOf).Order());
        await first.CommitAsync(batch, CancellationToken.None);
        await first.DisposeAsync();
        await second.DisposeAsync();

        await using var third = Join();
        var again = await ReadAsync(third, moved.Count);
        Assert.Equal(moved.Select(ValueOf).Order(), again.Select(ValueOf).Order());
        Assert.False(await MoreAsync(third));
    }

    [SkippableFact]
    public async Task Partitions_that_went_while_the_buffer_was_full_were_never_read_again_when_they_came_back()
    {
        const int Many = 3000;
        await PublishAsync(Enumerable.Range(0, Many));
        await using var first = Join();
        var read = await ReadAsync(first, 1);
        await Task.Delay(TimeSpan.FromSeconds(2));

        await using (var second = Join())
        {
            await ReadAsync(second, 1);
            while (first.TryRead(out var record) || await MoreAsync(first))
            {
                if (record is not null)
                {
                    read.Add(record);
                }
            }
        }

        var values = read.Select(ValueOf).ToHashSet(StringComparer.Ordinal);
        while (values.Count < Many)
        {
            values.UnionWith((await ReadAsync(first, 1)).Select(ValueOf));
        }
    }

    [SkippableFact]
    public async Task A_commit_on_its_way_in_a_rebalance_was_refused_and_made_the_group_join_anew_again_and_again()
    {
        using var over = new CancellationTokenSource();
        var publishing = PublishUntilAsync(over.Token);
        await using (var first = Join())
        await using (var second = Join())
        {
            Task[] reading = [CommitEachAsync(first, over.Token), CommitEachAsync(second, over.Token)];
            await Task.Delay(TimeSpan.FromSeconds(6), over.Token);
            await using (var third = Join())
            {
                reading = [.. reading, CommitEachAsync(third, over.Token)];
                await Task.Delay(TimeSpan.FromSeconds(6), over.Token);
            }
            await Task.Delay(TimeSpan.FromSeconds(3), over.Token);
            await over.CancelAsync();
            await Task.WhenAll([publishing, .. reading]);
        }

        Assert.DoesNotContain(_log.Lines, line => line.Contains("generation", StringComparison.OrdinalIgnoreCase));
    }

    private async Task PublishUntilAsync(CancellationToken over)
    {
        for (var value = 0; !over.IsCancellationRequested; value++)
        {
            await PublishAsync([value]);
        }
    }

    private static async Task CommitEachAsync(ITopicConsumer consumer, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            if (consumer.TryRead(out var record))
            {
                try
                {
                    await consumer.CommitAsync([record], CancellationToken.None);
                }
                catch (KafkaException)
                {
                    // A rebalance has begun: it comes again.
                }
            }
            else if (!await MoreAsync(consumer) && over.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static string ValueOf(TopicRecord record) => Encoding.UTF8.GetString(record.Value!);

    private static async Task<bool> MoreAsync(ITopicConsumer consumer)
    {
        try
        {
            return await consumer.WaitToReadAsync(CancellationToken.None).AsTask().WaitAsync(Silence);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static async Task<List<TopicRecord>> ReadAsync(ITopicConsumer consumer, int count)
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

    private ITopicConsumer Join() => Client.Source.Subscribe(_topic, _topic);

    private Task PublishAsync(IEnumerable<int> values) => Task.WhenAll(values.Select(value => Client.Publisher.PublishAsync(
        new OutgoingRecord(_topic, $"key{value}", Encoding.UTF8.GetBytes($"{value}"),
            new Dictionary<string, string>(StringComparer.Ordinal)),
        CancellationToken.None)));
}
