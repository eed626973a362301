using Confluent.Kafka;
using Notify.LocalHost.Backends;

namespace Notify.Functions.Tests.LocalHost.Backends;

public sealed class KafkaPartitionsTests
{
    private readonly KafkaPartitions _partitions = new();
    private readonly List<(int Partition, long Position)> _committed = [];

    [Fact]
    public void Hands_out_and_commits_what_is_its_own()
    {
        Assign(0, 1);
        HandOut(0, 10, 11, 12);

        Commit(0, 12);

        Assert.Equal([(0, 12L)], _committed);
    }

    [Fact]
    public void Hands_nothing_out_that_was_taken_away_after_it_was_fetched()
    {
        Assign(0);
        var term = _partitions.Fetched(0, 10);
        Revoke(0);
        Assert.False(_partitions.MayHandOut(0, term));

        Assign(0);
        Assert.False(_partitions.MayHandOut(0, term));
        HandOut(0, 10);
    }

    [Fact]
    public void Commits_nothing_of_a_partition_that_was_taken_away()
    {
        Assign(0, 1);
        HandOut(0, 10);
        HandOut(1, 20);
        Revoke(0);

        _partitions.Done(new Dictionary<int, long> { [0] = 11, [1] = 21 });
        _partitions.Commit("t", Note);

        Assert.Equal([(1, 21L)], _committed);
    }

    [Fact]
    public void Does_not_put_the_group_back_where_another_owner_has_gone_further()
    {
        Assign(0);
        HandOut(0, 10, 11);
        Revoke(0);
        Assign(0);
        Commit(0, 12);
        HandOut(0, 40);

        Commit(0, 12);
        Assert.Empty(_committed);

        Commit(0, 41);
        Assert.Equal([(0, 41L)], _committed);
    }

    [Fact]
    public void Commits_what_was_in_hand_when_a_partition_went_and_came_back()
    {
        Assign(0);
        HandOut(0, 10, 11);
        Revoke(0);
        Assign(0);
        _partitions.Fetched(0, 10);

        Commit(0, 12);

        Assert.Equal([(0, 12L)], _committed);
    }

    [Fact]
    public void Never_commits_backwards()
    {
        Assign(0);
        HandOut(0, 10, 11, 12);
        Commit(0, 13);

        Commit(0, 12);

        Assert.Equal([(0, 13L)], _committed);
    }

    [Fact]
    public void Commits_anew_what_the_broker_did_not_take()
    {
        Assign(0);
        HandOut(0, 10);
        _partitions.Done(new Dictionary<int, long> { [0] = 11 });
        Assert.Throws<KafkaException>(() => _partitions.Commit("t", Refuse));
        Assert.True(_partitions.IsBehind);

        _partitions.Commit("t", Note);

        Assert.Equal([(0, 11L)], _committed);
        Assert.False(_partitions.IsBehind);
    }

    [Fact]
    public void Has_nothing_to_commit_anew_of_a_partition_that_was_taken_away()
    {
        Assign(0);
        HandOut(0, 10);
        _partitions.Done(new Dictionary<int, long> { [0] = 11 });
        Assert.Throws<KafkaException>(() => _partitions.Commit("t", Refuse));

        Revoke(0);
        Assert.False(_partitions.IsBehind);
        Assign(0);
        Assert.False(_partitions.IsBehind);

        _partitions.Commit("t", Note);
        Assert.Empty(_committed);
    }

    [Fact]
    public async Task Keeps_a_partition_until_a_commit_under_way_is_over()
    {
        Assign(0);
        HandOut(0, 10);
        using var inside = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        _partitions.Done(new Dictionary<int, long> { [0] = 11 });
        var committing = Task.Run(() => _partitions.Commit("t", positions =>
        {
            inside.Release();
            goOn.Wait();
            Note(positions);
        }));
        await inside.WaitAsync();

        var revoking = Task.Run(() => Revoke(0));
        await Assert.ThrowsAsync<TimeoutException>(() => revoking.WaitAsync(TimeSpan.FromMilliseconds(200)));
        goOn.Set();

        await Task.WhenAll(committing, revoking);
        Assert.Equal([(0, 11L)], _committed);
    }

    private void Assign(params int[] partitions) => _partitions.Assign(partitions.Select(partition => new TopicPartition("t", partition)));

    private void Revoke(int partition) => _partitions.Revoke([new TopicPartitionOffset("t", partition, Offset.Unset)]);

    private void HandOut(int partition, params long[] offsets) =>
        Assert.All(offsets, offset => Assert.True(_partitions.MayHandOut(partition, _partitions.Fetched(partition, offset))));

    private void Commit(int partition, long position)
    {
        _partitions.Done(new Dictionary<int, long> { [partition] = position });
        _partitions.Commit("t", Note);
    }

    private static void Refuse(IEnumerable<TopicPartitionOffset> positions) =>
        throw new KafkaException(new Error(ErrorCode.Local_TimedOut, "timed out"));

    private void Note(IEnumerable<TopicPartitionOffset> positions) =>
        _committed.AddRange(positions.Select(position => (position.Partition.Value, position.Offset.Value)));
}
