namespace Notify.Functions.Infrastructure.Kafka;

/// <summary>Puts an event on its topic.</summary>
public interface IEventPublisher
{
    /// <summary>Returns where the record stands once every in-sync replica has acknowledged it.</summary>
    /// <exception cref="EventNotAcknowledgedException">The broker did not acknowledge within the time limit; it may still have the
    /// record.</exception>
    Task<EventPosition> PublishAsync(OutgoingRecord record, CancellationToken cancellationToken);
}

/// <summary>A record to publish.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Key">Decides the partition: the recipient for one recipient, else the event id.</param>
/// <param name="Value">The event as UTF-8 JSON.</param>
/// <param name="Headers">Header names and values (<c>content-type</c>, <c>traceparent</c>, <c>schema-version</c>).</param>
public sealed record OutgoingRecord(string Topic, string Key, ReadOnlyMemory<byte> Value, IReadOnlyDictionary<string, string> Headers);

/// <summary>Where a record stands on the broker.</summary>
public sealed record EventPosition(string Topic, int Partition, long Offset)
{
    /// <summary><c>topic/partition/offset</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Topic}/{Partition}/{Offset}");
}

/// <summary>The broker has not acknowledged a record in time.</summary>
internal sealed class EventNotAcknowledgedException : Exception
{
    /// <summary>Makes one without a message.</summary>
    public EventNotAcknowledgedException()
    {
    }

    /// <summary>Makes one with a message that names no recipient and no payload.</summary>
    public EventNotAcknowledgedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with the broker client's own exception inside.</summary>
    public EventNotAcknowledgedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
