using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Intake;
using Notify.Functions.Ledger;

namespace Notify.Functions.Recovery;

/// <summary>
/// Publishes a rejected record's bytes again. First the record, then the mark: who dies in between leaves a record that can be published
/// twice, which dispatch recognises, and none that is marked and was never published.
/// </summary>
public sealed partial class RejectedRetry(
    ITables tables, IEventPublisher publisher, EventHeads heads, DeduplicationKeys keys, KeyedHashes keyedHashes,
    IOptions<DeduplicationOptions> deduplication, TimeProvider time, ILogger<RejectedRetry> logger)
{
    /// <summary>Publishes it to the topic it came from, unless that would only bring it back here.</summary>
    /// <param name="id">The record.</param>
    /// <param name="again">Whether one that was published again before is published once more.</param>
    /// <param name="cancellationToken">Cancels the retry.</param>
    /// <exception cref="EventNotAcknowledgedException">The broker did not acknowledge in time.</exception>
    public async Task<RetryResult> RetryAsync(RejectedId id, bool again, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(TableNames.Rejected, id.Partition, id.Key, cancellationToken);
        if (row is null)
        {
            return new RetryResult.NotFound();
        }
        var record = RejectedRecord.From(row);
        if (record.RetriedAt is { } before && !again)
        {
            return new RetryResult.RetriedBefore(before);
        }
        if (record.Kept.Length < record.Bytes)
        {
            return new RetryResult.Incomplete();
        }
        // As dispatch will read it, should the record have no time of its own.
        var headers = EventHeaders.From(
            record.Headers.Select(header => KeyValuePair.Create(header.Key, (byte[]?)Encoding.UTF8.GetBytes(header.Value))));
        var reading = EventReader.Read(record.Kept, new EventDefaults(Id: null, time.GetUtcNow()), headers);
        if (reading.Event is not { } notification)
        {
            return new RetryResult.StillFaulty(reading.Faults);
        }
        if (await ConflictAsync(notification, keyedHashes.Fingerprint(notification, reading.StatesTime), record.Source,
            cancellationToken) is { } conflict)
        {
            return new RetryResult.StillFaulty([conflict]);
        }
        var position = await publisher.PublishAsync(
            new OutgoingRecord(record.Source.Topic, KafkaEventRecords.KeyOf(notification), record.Kept, record.Headers), cancellationToken);
        var mark = new TableRow(id.Partition, id.Key)
        {
            [RejectedRecord.RetriedAtColumn] = time.GetUtcNow(),
            [RejectedRecord.RetriedToColumn] = position.ToString(),
        };
        await tables.WriteAsync(TableNames.Rejected, [TableWrite.Merge(mark)], cancellationToken);
        Retried(id.Key, position);
        return new RetryResult.Published(position);
    }

    // What dispatch would find again: its id, or its key, stands for an event that says something else.
    private async Task<EventFault?> ConflictAsync(
        NotificationEvent notification, Fingerprint fingerprint, EventPosition source, CancellationToken cancellationToken)
    {
        if (await heads.FindAsync(notification.Tenant, notification.Id, cancellationToken) is { } head)
        {
            return head.Source != source && fingerprint.Contradicts(head.Fingerprint) ? NameConflict.OfId(notification.Id) : null;
        }
        var owner = notification.DeduplicationKey is { } key
            ? await keys.FindAsync(notification.Tenant, key, deduplication.Value.Ttl, cancellationToken) : null;
        return owner is not null && !string.Equals(owner.EventId, notification.Id, StringComparison.Ordinal)
            && fingerprint.Contradicts(owner.Fingerprint)
            ? NameConflict.OfKey(owner.EventId, deduplication.Value.Ttl)
            : null;
    }

    [LoggerMessage(EventId = 1501, Level = LogLevel.Information, Message = "Rejected record {id} published again at {position}")]
    private partial void Retried(string id, EventPosition position);
}

/// <summary>What a retry came to.</summary>
public abstract record RetryResult
{
    private RetryResult()
    {
    }

    /// <summary>It stands on the topic again.</summary>
    public sealed record Published(EventPosition Position) : RetryResult;

    /// <summary>There is no such record.</summary>
    public sealed record NotFound : RetryResult;

    /// <summary>It was published again before.</summary>
    public sealed record RetriedBefore(DateTimeOffset At) : RetryResult;

    /// <summary>It is still not valid.</summary>
    public sealed record StillFaulty(IReadOnlyList<EventFault> Faults) : RetryResult;

    /// <summary>Only a part of it was kept.</summary>
    public sealed record Incomplete : RetryResult;
}
