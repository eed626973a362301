using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Tests.BackendContracts;
using Notify.LocalHost.InMemory;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.Functions.Tests.LocalHost.InMemory;

public sealed class InMemoryTopicsTests : TopicsContract
{
    private readonly InMemoryTopics _topics = new(new ManualClock());

    [Fact]
    public async Task Ignores_the_commit_of_a_partition_that_has_another_owner_now()
    {
        for (var i = 0; i < 40; i++)
        {
            await PublishAsync($"key{i}", $"{i}");
        }
        var first = _topics.Subscribe(Topic, "g");
        var records = await ReadAsync(first, 40);
        var second = _topics.Subscribe(Topic, "g");

        await first.CommitAsync(records, CancellationToken.None);

        var lag = _topics.Lag(Topic, "g");
        Assert.InRange(lag, 1, 39);
        Assert.Equal(lag, (await ReadAsync(second, (int)lag)).Count);
        Assert.False(second.TryRead(out _));
        Assert.False(first.TryRead(out _));
    }

    protected override Task<(IEventPublisher Publisher, ITopicSource Source, IConsumerLag Lag)> CreateAsync() =>
        Task.FromResult<(IEventPublisher, ITopicSource, IConsumerLag)>((_topics, _topics, _topics));
}
