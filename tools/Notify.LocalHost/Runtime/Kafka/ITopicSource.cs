namespace Notify.LocalHost.Runtime.Kafka;

/// <summary>Where Kafka-triggered functions get their records from: a real broker, or the embedded topics.</summary>
public interface ITopicSource
{
    /// <summary>
    /// Joins a consumer group. Returns at once: connecting and the group's first assignment go on behind it, and a broker that is not there
    /// yet is waited for. A group that has committed nothing starts at the oldest record.
    /// </summary>
    ITopicConsumer Subscribe(string topic, string group);
}

/// <summary>One member of a consumer group. Used by one reader at a time.</summary>
/// <remarks>
/// <para>Records of a partition come in offset order, each once, until the partition is taken away. After that no record of it comes out of
/// <see cref="TryRead"/>, and a commit of it does nothing: its new owner gets everything after the last commit. Nothing is ever committed
/// but by <see cref="CommitAsync"/>; what a member has read and not committed when it leaves, or dies, comes again to another.</para>
/// <para>A member stays alive while its reader is busy, however long: an implementation polls its broker by a thread of its own, puts
/// records into a bounded buffer and pauses its partitions while the buffer is full.</para>
/// </remarks>
public interface ITopicConsumer : IAsyncDisposable
{
    /// <summary>Takes the next record, if one is there.</summary>
    bool TryRead([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TopicRecord? record);

    /// <summary>
    /// Waits until there may be a record to take; <see langword="false"/> once the consumer is closed. Throws what the broker's client says
    /// only where going on is hopeless; the reader then subscribes anew.
    /// </summary>
    ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Commits that these records and everything before them in their partitions is done; complete when the broker has it. Throws on a
    /// fault of the connection; the records then come again unless a later commit covers them.
    /// </summary>
    Task CommitAsync(IReadOnlyList<TopicRecord> records, CancellationToken cancellationToken);
}
