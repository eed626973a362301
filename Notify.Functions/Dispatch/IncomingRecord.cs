using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;

namespace Notify.Functions.Dispatch;

/// <summary>A record as it came from the topic.</summary>
/// <param name="Source">Where it stands.</param>
/// <param name="Timestamp">The record's timestamp; stands in for a missing <c>createdAt</c>.</param>
/// <param name="Value">The raw value.</param>
public sealed record IncomingRecord(EventPosition Source, DateTimeOffset Timestamp, ReadOnlyMemory<byte> Value)
{
    /// <summary>What its headers say about the event.</summary>
    public EventHeaders Headers { get; init; } = EventHeaders.None;
}
