using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Dispatch;

/// <summary>
/// One pass over a batch: read, deduplicate, write the ledger, then the queues, then the dedup keys. Every step may be done again, so a
/// process may die between any two.
/// </summary>
public sealed partial class BatchDispatch(
    RejectedRecords rejected,
    DedupFastPath fastPath,
    DeduplicationKeys keys,
    EventHeads events,
    DecisionWriter decisions,
    FanOutOrders orders,
    IOptions<DeduplicationOptions> deduplication,
    NotifyMetrics metrics,
    TimeProvider time,
    ILogger<BatchDispatch> logger)
{
    /// <summary>Decides or sets aside every record.</summary>
    public async Task RunAsync(IReadOnlyList<IncomingRecord> records, CancellationToken cancellationToken)
    {
        var began = time.GetUtcNow();
        var read = await ReadAsync(records, cancellationToken);
        using var spans = new DispatchSpans(began);
        var arrived = read.ConvertAll(spans.Begin);
        var cached = await fastPath.AskAsync(arrived, cancellationToken);
        FaultPoint.Reach(FaultPoint.AfterCacheRead);
        var heads = await HeadsAsync([.. arrived.Where(one => !IsDone(one, cached.Marks))], cancellationToken);
        var originals = heads.Where(head => head.DuplicateOf is null).ToList();
        await orders.DecideAsync(originals, cancellationToken);
        await decisions.WriteAsync([.. originals.Select(head => new Audience(head, [.. head.Event.Named], cached.Throttled.Of(head.Event)))], cancellationToken);
        FaultPoint.Reach(FaultPoint.BeforeMark);
        await fastPath.MarkAsync(heads, cancellationToken);
    }

    private async Task<List<ArrivedEvent>> ReadAsync(IReadOnlyList<IncomingRecord> records, CancellationToken cancellationToken)
    {
        var arrived = new List<ArrivedEvent>(records.Count);
        foreach (var record in records)
        {
            var reading = EventReader.Read(record.Value, new EventDefaults(Id: null, record.Timestamp), record.Headers);
            if (reading.Event is { } notification)
            {
                arrived.Add(new ArrivedEvent(notification, record.Source));
                continue;
            }
            metrics.Rejected(reading.Faults[0].Code);
            SetAside(record.Source.ToString(), reading.Faults[0].Field, reading.Faults[0].Code, reading.Faults.Count);
            await rejected.SetAsideAsync(record.Source, record.Timestamp, record.Value, record.Headers, reading.Faults, cancellationToken);
        }
        return arrived;
    }

    // Done by an earlier pass, as the dedup key that is set last says. A duplicate still needs a head of its own, to say of what.
    private bool IsDone(ArrivedEvent one, IReadOnlyDictionary<ArrivedEvent, DedupMark> remembered)
    {
        if (!remembered.TryGetValue(one, out var mark) || !string.Equals(mark.EventId, one.Event.Id, StringComparison.Ordinal))
        {
            return false;
        }
        if (!string.Equals(mark.Position, one.Source.ToString(), StringComparison.Ordinal))
        {
            Duplicate(one.Event.Id, mark.EventId);
        }
        return true;
    }

    private async Task<IReadOnlyList<EventHead>> HeadsAsync(IReadOnlyList<ArrivedEvent> arrived, CancellationToken cancellationToken)
    {
        var once = arrived.DistinctBy(one => (one.Event.Tenant, one.Event.Id)).ToList();
        foreach (var again in arrived.Except(once, ReferenceEqualityComparer.Instance).Cast<ArrivedEvent>())
        {
            Duplicate(again.Event.Id, again.Event.Id);
        }
        var owners = await keys.ClaimAsync([.. once.Select(one => one.Event)], deduplication.Value.Ttl, cancellationToken);
        FaultPoint.Reach(FaultPoint.AfterKeys);
        var now = time.GetUtcNow();
        var drafts = once.Zip(owners, (one, owner) => new EventHead
        {
            Event = one.Event,
            Source = one.Source,
            DuplicateOf = string.Equals(owner, one.Event.Id, StringComparison.Ordinal) ? null : owner,
            SeenAt = now,
        }).ToList();
        var heads = await events.InsertAsync(drafts, cancellationToken);
        FaultPoint.Reach(FaultPoint.AfterHeads);
        foreach (var (draft, head) in drafts.Zip(heads))
        {
            // One that was there already is either this record again, which is no news, or another with the same id.
            if (ReferenceEquals(draft, head) ? head.DuplicateOf is not null : head.Source != draft.Source)
            {
                Duplicate(draft.Event.Id, head.DuplicateOf ?? head.Event.Id);
            }
            else if (ReferenceEquals(draft, head))
            {
                metrics.Accepted(head.Event);
            }
        }
        return heads;
    }

    private void Duplicate(string eventId, string original)
    {
        metrics.Duplicate();
        DuplicateSkipped(eventId, original);
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "Duplicate event skipped: {eventId} is {original} again")]
    private partial void DuplicateSkipped(string eventId, string original);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "Record {position} set aside: {field} is {code} ({faults} faults in all)")]
    private partial void SetAside(string position, string field, string code, int faults);
}
