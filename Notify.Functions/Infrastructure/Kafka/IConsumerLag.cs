namespace Notify.Functions.Infrastructure.Kafka;

/// <summary>How far a group of consumers is behind.</summary>
public interface IConsumerLag
{
    /// <summary>
    /// How many records of a topic the group has not committed yet; all that are there where it has never committed, 0 where the topic does
    /// not exist. Throws what the backend throws.
    /// </summary>
    Task<long> MeasureAsync(string topic, string group, CancellationToken cancellationToken);
}
