using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Dispatch;

/// <summary>
/// Tells, by the ledger, which events are the first of their names, which are duplicates, and which only share a name with an event that
/// says something else: those are set aside. A record that the broker brings again is none of the latter, whatever version of the service
/// has seen it first.
/// </summary>
public sealed partial class EventAdmission(
    DeduplicationKeys keys, EventHeads events, RecordRejection rejection, IOptions<DeduplicationOptions> deduplication,
    NotifyMetrics metrics, TimeProvider time, ILogger<EventAdmission> logger)
{
    /// <summary>
    /// Whether an earlier pass has done everything for it, as the mark says that is set last. A duplicate under another id still needs a
    /// head of its own, to say of what; and whether what the mark contradicts is to be set aside is for the ledger to say.
    /// </summary>
    internal bool IsDone(ArrivedEvent one, DedupMark? mark)
    {
        if (mark is null || !string.Equals(mark.EventId, one.Event.Id, StringComparison.Ordinal))
        {
            return false;
        }
        if (string.Equals(mark.Position, one.Source.ToString(), StringComparison.Ordinal))
        {
            return true;
        }
        if (one.Fingerprint.Contradicts(mark.Fingerprint))
        {
            return false;
        }
        Duplicate(one.Event.Id, mark.EventId);
        return true;
    }

    /// <summary>
    /// Inserts the heads of those that are new and returns the heads that stand, one for each event; what was set aside has none.
    /// </summary>
    internal async Task<IReadOnlyList<EventRecord>> AdmitAsync(IReadOnlyList<ArrivedEvent> arrived, CancellationToken cancellationToken)
    {
        var once = arrived.DistinctBy(NameOf).ToList();
        var rest = new List<ArrivedEvent>();
        var drafts = await DraftsAsync(once, rest, cancellationToken);
        var heads = await events.InsertAsync([.. drafts.Select(draft => draft.Head)], cancellationToken);
        CrashPoint.Hit(CrashPoint.AfterHeads);
        var standing = new Dictionary<(string?, string), EventRecord>();
        var admitted = new List<EventRecord>();
        foreach (var ((one, draft), head) in drafts.Zip(heads))
        {
            standing[NameOf(one)] = head;
            if (ReferenceEquals(draft, head))
            {
                First(head);
            }
            // One that was there already is either this record again, which is no news, or another with the same id.
            else if (head.Source != draft.Source && !await IsDuplicateAsync(one, head, cancellationToken))
            {
                // Else its key would stand for an event that nobody has.
                await keys.ReleaseAsync(one.Event, new NameOwner(draft.Event.Id, draft.Fingerprint, IsNew: false), cancellationToken);
                continue;
            }
            admitted.Add(head);
        }
        foreach (var again in arrived.Except(once, ReferenceEqualityComparer.Instance).Cast<ArrivedEvent>())
        {
            if (!standing.TryGetValue(NameOf(again), out var head))
            {
                rest.Add(again);
            }
            else if (again.Source != head.Source)
            {
                await IsDuplicateAsync(again, head, cancellationToken);
            }
        }
        return rest.Count == 0 ? admitted : [.. admitted, .. await AdmitAsync(rest, cancellationToken)];
    }

    // The heads to insert. Whose key belongs to an event that says something else has none; whose key was given back has to ask again.
    private async Task<List<(ArrivedEvent One, EventRecord Head)>> DraftsAsync(
        IReadOnlyList<ArrivedEvent> once, List<ArrivedEvent> rest, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var drafts = once.Select(one =>
            new EventRecord
            {
                Event = one.Event,
                Source = one.Source,
                Fingerprint = one.Fingerprint,
                SeenAt = now,
                AcceptedAt = one.Record.Timestamp
            }).ToList();
        var owners = await keys.ClaimAsync(drafts, deduplication.Value.Ttl, cancellationToken);
        CrashPoint.Hit(CrashPoint.AfterKeys);
        var wanted = new List<(ArrivedEvent, EventRecord)>(once.Count);
        for (var index = 0; index < once.Count; index++)
        {
            var (one, draft, owner) = (once[index], drafts[index], owners[index]);
            if (string.Equals(owner.EventId, one.Event.Id, StringComparison.Ordinal))
            {
                wanted.Add((one, draft));
            }
            else if (await IsVoidAsync(one, owner, cancellationToken))
            {
                await keys.ReleaseAsync(one.Event, owner, cancellationToken);
                rest.Add(one);
            }
            else if (!one.Fingerprint.Contradicts(owner.Fingerprint) || await IsAgainAsync(one, cancellationToken))
            {
                wanted.Add((one, draft with { DuplicateOf = owner.EventId }));
            }
            else
            {
                await rejection.KeepAsync(one.Record, [NameConflict.OfKey(owner.EventId, deduplication.Value.Ttl)], cancellationToken);
            }
        }
        return wanted;
    }

    // Its owner was set aside, because of its id, by a process that has not come to giving the key back.
    private async Task<bool> IsVoidAsync(ArrivedEvent one, NameOwner owner, CancellationToken cancellationToken) =>
        owner.Fingerprint is not null
        && owner.Fingerprint.Contradicts((await events.FindAsync(one.Event.Tenant, owner.EventId, cancellationToken))?.Fingerprint);

    private async Task<bool> IsAgainAsync(ArrivedEvent one, CancellationToken cancellationToken) =>
        (await events.FindAsync(one.Event.Tenant, one.Event.Id, cancellationToken))?.Source == one.Source;

    // Another record of the same id: a duplicate, or set aside.
    private async Task<bool> IsDuplicateAsync(ArrivedEvent one, EventRecord head, CancellationToken cancellationToken)
    {
        if (one.Fingerprint.Contradicts(head.Fingerprint))
        {
            await rejection.KeepAsync(one.Record, [NameConflict.OfId(one.Event.Id)], cancellationToken);
            return false;
        }
        Duplicate(one.Event.Id, head.DuplicateOf ?? head.Event.Id);
        return true;
    }

    private void First(EventRecord head)
    {
        if (head.DuplicateOf is { } original)
        {
            Duplicate(head.Event.Id, original);
        }
        else
        {
            metrics.Accepted(head.Event);
        }
    }

    private void Duplicate(string eventId, string original)
    {
        metrics.Duplicate();
        DuplicateSkipped(eventId, original);
    }

    private static (string? Tenant, string Id) NameOf(ArrivedEvent one) => (one.Event.Tenant, one.Event.Id);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "Duplicate event skipped: {eventId} is {original} again")]
    private partial void DuplicateSkipped(string eventId, string original);
}
