using Notify.Functions.Contract;
using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;

namespace Notify.Functions.Dispatch;

/// <summary>
/// One pass over a batch: read, deduplicate, write the ledger, then the queues, then the dedup keys. Every step may be done again, so a
/// process may die between any two.
/// </summary>
public sealed class DispatchBatchHandler(
    RecordRejection rejection, DispatchCache cache, EventAdmission admission, DeliveryDecider decider, FanOutQueue queue,
    KeyedHashes keyedHashes, TimeProvider time)
{
    /// <summary>Decides or sets aside every record.</summary>
    public async Task RunAsync(IReadOnlyList<IncomingRecord> records, CancellationToken cancellationToken)
    {
        var began = time.GetUtcNow();
        var read = await ReadAsync(records, cancellationToken);
        using var spans = new DispatchSpans(began);
        var arrived = read.ConvertAll(spans.Begin);
        var cached = await cache.AskAsync([.. arrived.Select(one => one.Event)], cancellationToken);
        CrashPoint.Hit(CrashPoint.AfterCacheRead);
        var heads = await admission.AdmitAsync([.. arrived.Where(one => !admission.IsDone(one, cached.Marks.GetValueOrDefault(one.Event)))],
            cancellationToken);
        var originals = heads.Where(head => head.DuplicateOf is null).ToList();
        await queue.DecideAsync(originals, cancellationToken);
        await decider.WriteAsync([.. originals.Select(head =>
            new DispatchTarget(head, [.. head.Event.Named], cached.Throttled.Find(head.Event)))], cancellationToken);
        CrashPoint.Hit(CrashPoint.BeforeMark);
        await cache.MarkAsync(heads, cancellationToken);
    }

    private async Task<List<ArrivedEvent>> ReadAsync(IReadOnlyList<IncomingRecord> records, CancellationToken cancellationToken)
    {
        var arrived = new List<ArrivedEvent>(records.Count);
        foreach (var record in records)
        {
            var reading = EventReader.Read(record.Value, new EventDefaults(Id: null, record.Timestamp), record.Headers);
            if (reading.Event is { } notification)
            {
                var fingerprint = keyedHashes.Fingerprint(notification, reading.StatesTime);
                arrived.Add(new ArrivedEvent(notification, record) { Fingerprint = fingerprint });
                continue;
            }
            await rejection.KeepAsync(record, reading.Faults, cancellationToken);
        }
        return arrived;
    }
}
