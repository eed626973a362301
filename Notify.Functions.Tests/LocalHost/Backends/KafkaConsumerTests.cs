using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Backends;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.Functions.Tests.LocalHost.Backends;

public sealed class KafkaConsumerTests
{
    private readonly Mock<IConsumer<byte[]?, byte[]?>> _client = new();
    private readonly KafkaPartitions _partitions = new();

    [Theory]
    [InlineData(ErrorCode.IllegalGeneration)]
    [InlineData(ErrorCode.RebalanceInProgress)]
    [InlineData(ErrorCode.Local_WaitCoord)]
    public async Task What_was_done_during_a_rebalance_stayed_uncommitted_until_the_next_record_came(ErrorCode refusal)
    {
        var commits = 0;
        var committed = new TaskCompletionSource<IReadOnlyList<TopicPartitionOffset>>();
        Consumes("only");
        _client.Setup(client => client.Commit(It.IsAny<IEnumerable<TopicPartitionOffset>>()))
            .Callback((IEnumerable<TopicPartitionOffset> positions) =>
        {
            if (++commits <= 2)
            {
                throw new KafkaException(refusal);
            }
            committed.TrySetResult([.. positions]);
        });
        await using var consumer = new KafkaConsumer("t", _client.Object, _partitions, NullLogger.Instance);

        // The group may refuse it without a word to the reader.
        await Record.ExceptionAsync(() => CommitNextAsync(consumer));

        Assert.Equal([new TopicPartitionOffset("t", 0, 8)], await committed.Task.WaitAsync(Patience.Limit));
    }

    [Fact]
    public async Task The_first_record_of_a_partition_that_was_not_paused_came_twice_when_it_was_resumed()
    {
        await CommitTwoAsync();

        _client.Verify(client => client.Resume(It.IsAny<IEnumerable<TopicPartition>>()), Times.Never);
    }

    [Fact]
    public async Task Commits_once_what_was_taken()
    {
        await CommitTwoAsync();

        _client.Verify(client => client.Commit(It.IsAny<IEnumerable<TopicPartitionOffset>>()), Times.Exactly(2));
    }

    /// <summary>Partition 0 is ours and has these records, from offset 7 on.</summary>
    private void Consumes(params string[] values)
    {
        _partitions.Assign([new TopicPartition("t", 0)]);
        _client.Setup(client => client.Assignment).Returns([new TopicPartition("t", 0)]);
        var next = 0;
        var never = new ManualResetEventSlim();
        _client.Setup(client => client.Consume(It.IsAny<TimeSpan>())).Returns((TimeSpan wait) =>
        {
            if (next == values.Length)
            {
                never.Wait(wait);
                return null!;
            }
            return new ConsumeResult<byte[]?, byte[]?>
            {
                TopicPartitionOffset = new TopicPartitionOffset("t", 0, 7 + next),
                Message = new Message<byte[]?, byte[]?> { Value = System.Text.Encoding.UTF8.GetBytes(values[next++]), Headers = [] },
            };
        });
    }

    private async Task CommitTwoAsync()
    {
        Consumes("first", "second");
        await using var consumer = new KafkaConsumer("t", _client.Object, _partitions, NullLogger.Instance);
        await CommitNextAsync(consumer);
        await CommitNextAsync(consumer);
    }

    private static async Task CommitNextAsync(KafkaConsumer consumer)
    {
        TopicRecord? record;
        while (!consumer.TryRead(out record))
        {
            await consumer.WaitToReadAsync(CancellationToken.None).AsTask().WaitAsync(Patience.Limit);
        }
        await consumer.CommitAsync([record], CancellationToken.None);
    }
}
