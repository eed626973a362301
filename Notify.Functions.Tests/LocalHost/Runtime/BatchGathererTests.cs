using System.Text;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.InMemory;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.Functions.Tests.LocalHost.Runtime;

public sealed class BatchGathererTests : IAsyncDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();
    private readonly InMemoryTopics _topics;
    private readonly ITopicConsumer _consumer;
    private readonly BatchGatherer _gatherer;
    private readonly CancellationTokenSource _stop = new();

    public BatchGathererTests()
    {
        _topics = new InMemoryTopics(_clock);
        _consumer = _topics.Subscribe("t", "g");
        _gatherer = new BatchGatherer(_consumer, maxBatchSize: 4, Window, _clock);
    }

    [Fact]
    public async Task Hands_out_fewer_records_at_the_end_of_the_window()
    {
        await PublishAsync(1, 2);
        var next = _gatherer.NextAsync(_stop.Token);
        await _clock.WaitForTimerAsync(Window);
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        await PublishAsync(3);
        Assert.False(next.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal([1, 2, 3], await ValuesAsync(next));
    }

    [Fact]
    public async Task Hands_out_a_full_batch_at_once()
    {
        await PublishAsync(1, 2, 3, 4, 5, 6, 7, 8, 9);

        Assert.Equal([1, 2, 3, 4], await ValuesAsync(_gatherer.NextAsync(_stop.Token)));
        Assert.Equal([5, 6, 7, 8], await ValuesAsync(_gatherer.NextAsync(_stop.Token)));
    }

    [Fact]
    public async Task Lets_what_comes_after_a_full_batch_wait_for_the_end_of_the_next_window()
    {
        await PublishAsync(1, 2, 3, 4, 5);
        Assert.Equal([1, 2, 3, 4], await ValuesAsync(_gatherer.NextAsync(_stop.Token)));
        var next = _gatherer.NextAsync(_stop.Token);
        await _clock.WaitForTimerAsync(Window);

        _clock.Advance(Window);
        await _clock.WaitForTimerAsync(Window);
        Assert.False(next.IsCompleted);
        _clock.Advance(Window);

        Assert.Equal([5], await ValuesAsync(next));
    }

    [Fact]
    public async Task Goes_on_from_window_to_window_while_nothing_comes()
    {
        var next = _gatherer.NextAsync(_stop.Token);
        for (var i = 0; i < 5; i++)
        {
            await _clock.WaitForTimerAsync(Window);
            _clock.Advance(Window);
        }
        Assert.False(next.IsCompleted);
        await _clock.WaitForTimerAsync(Window);
        _clock.Advance(Window * 0.7);
        await PublishAsync(1);

        _clock.Advance(Window * 0.3);

        Assert.Equal([1], await ValuesAsync(next));
    }

    [Fact]
    public async Task Hands_out_at_once_what_came_while_a_batch_took_longer_than_a_window()
    {
        await PublishAsync(1);
        var first = _gatherer.NextAsync(_stop.Token);
        await _clock.WaitForTimerAsync(Window);
        _clock.Advance(Window);
        Assert.Equal([1], await ValuesAsync(first));

        await PublishAsync(2);
        _clock.Advance(Window * 2.5);

        Assert.Equal([2], await ValuesAsync(_gatherer.NextAsync(_stop.Token)));
    }

    [Fact]
    public async Task Hands_out_what_it_has_when_the_host_stops_and_then_nothing()
    {
        await PublishAsync(1, 2);
        var next = _gatherer.NextAsync(_stop.Token);
        await _clock.WaitForTimerAsync(Window);

        await _stop.CancelAsync();

        Assert.Equal([1, 2], await ValuesAsync(next));
        Assert.Empty(await _gatherer.NextAsync(_stop.Token));
    }

    [Fact]
    public async Task Ends_when_the_consumer_is_closed()
    {
        var next = _gatherer.NextAsync(_stop.Token);

        await _consumer.DisposeAsync();

        Assert.Empty(await next.WaitAsync(Patience.Limit, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await _consumer.DisposeAsync();
        _stop.Dispose();
    }

    private async Task PublishAsync(params int[] values)
    {
        foreach (var value in values)
        {
            await _topics.PublishAsync(
                new OutgoingRecord("t", "one key", Encoding.UTF8.GetBytes($"{value}"),
                    new Dictionary<string, string>(StringComparer.Ordinal)),
                CancellationToken.None);
        }
    }

    private static async Task<IEnumerable<int>> ValuesAsync(Task<IReadOnlyList<TopicRecord>> batch) =>
        (await batch.WaitAsync(Patience.Limit)).Select(r => int.Parse(Encoding.UTF8.GetString(r.Value!)));
}
