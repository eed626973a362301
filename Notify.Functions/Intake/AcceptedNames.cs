using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Intake;

/// <summary>
/// Remembers which event the intake has accepted under a caller's key or id, before it is published, so that a caller who asks again hears
/// of the first one, and a caller who uses a name for something else is refused. It only answers callers: what is a duplicate is decided by
/// dispatch, so a row whose event never came stops nothing.
/// </summary>
public sealed partial class AcceptedNames(
    ITables tables, EventHeads heads, DeduplicationKeys keys, KeyedHashes keyedHashes, IOptions<DeduplicationOptions> deduplication,
    TimeProvider time, ILogger<AcceptedNames> logger)
{
    /// <summary>
    /// How long callers wait for storage that is away. Then their events are taken without: nothing is sent twice for it.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Claims the names of submissions, the first one first, and says for each which event is to be published, or why none.
    /// </summary>
    internal async Task<IReadOnlyList<Claim>> ClaimAsync(IReadOnlyList<Submission> given, CancellationToken cancellationToken)
    {
        if (!given.Any(one => one.IsNamed))
        {
            return [.. given.Select(one => new Claim(one.Event, Conflict: null))];
        }
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var claims = given.Select(one => new Claiming(one, keyedHashes.Fingerprint(one.Event, one.StatesTime))).ToList();
            await ClaimIdsAsync([.. claims.Where(one => one.Given.StatesId)], either.Token);
            await ClaimKeysAsync([.. claims.Where(one => one.Conflict is null && one.Given.Event.DeduplicationKey is not null)],
                either.Token);
            return [.. claims.Select(one => new Claim(one.Given.Event with { Id = one.EventId }, one.Conflict))];
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested
            && (fault is OperationCanceledException || TransientFaults.IsFault(fault)))
        {
            Away(given.Count, fault.GetType().Name);
            return [.. given.Select(one => new Claim(one.Event, Conflict: null))];
        }
    }

    // An event that was dispatched says for good what its id stands for; the row only until then.
    private async Task ClaimIdsAsync(IReadOnlyList<Claiming> claims, CancellationToken cancellationToken)
    {
        var finding = Task.WhenAll(claims.Select(one => heads.FindAsync(one.Given.Event.Tenant, one.Given.Event.Id, cancellationToken)));
        await ClaimRowsAsync(claims, notification => keyedHashes.EventHash(notification.Tenant, notification.Id), cancellationToken);
        foreach (var (one, head) in claims.Zip(await finding))
        {
            if (one.Fingerprint.Contradicts(head is null ? one.Owner!.Fingerprint : head.Fingerprint))
            {
                await RefuseAsync(one, NameConflict.OfId(one.EventId), cancellationToken);
            }
        }
    }

    private async Task ClaimKeysAsync(IReadOnlyList<Claiming> claims, CancellationToken cancellationToken)
    {
        var finding = Task.WhenAll(claims.Select(one =>
            keys.FindAsync(one.Given.Event.Tenant, one.Given.Event.DeduplicationKey!, deduplication.Value.Ttl, cancellationToken)));
        await ClaimRowsAsync(claims, notification => keyedHashes.KeyHash(notification.Tenant, notification.DeduplicationKey!),
            cancellationToken);
        foreach (var (one, dispatched) in claims.Zip(await finding))
        {
            var owner = dispatched ?? one.Owner!;
            if (one.Fingerprint.Contradicts(owner.Fingerprint))
            {
                await RefuseAsync(one, NameConflict.OfKey(owner.EventId, deduplication.Value.Ttl), cancellationToken);
            }
            else if (!string.Equals(one.EventId, owner.EventId, StringComparison.Ordinal))
            {
                // Its own id stands for nothing then.
                await GiveBackAsync(one, cancellationToken);
                one.EventId = owner.EventId;
            }
        }
    }

    private async Task ClaimRowsAsync(
        IReadOnlyList<Claiming> claims, Func<NotificationEvent, string> hashOf, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rows = claims.Select(one => NameRows.Create(NameRows.Accepted, hashOf(one.Given.Event), one.EventId, one.Fingerprint, now))
            .ToList();
        var owners = await tables.ClaimNamesAsync(rows, deduplication.Value.Ttl, time, cancellationToken);
        foreach (var ((one, row), owner) in claims.Zip(rows).Zip(owners))
        {
            one.Owner = owner;
            if (owner.IsNew)
            {
                one.New.Add(row);
            }
        }
    }

    private async Task RefuseAsync(Claiming one, EventFault conflict, CancellationToken cancellationToken)
    {
        await GiveBackAsync(one, cancellationToken);
        one.Conflict = conflict;
        Refused(one.Given.Event.Id, conflict.Field);
    }

    private async Task GiveBackAsync(Claiming one, CancellationToken cancellationToken)
    {
        foreach (var row in one.New)
        {
            await tables.ReleaseNameAsync(row, cancellationToken);
        }
    }

    [LoggerMessage(EventId = 1321, Level = LogLevel.Information,
        Message = "Refused {eventId}: its {field} stands for an event that says something else")]
    private partial void Refused(string eventId, string field);

    [LoggerMessage(EventId = 1322, Level = LogLevel.Warning,
        Message = "The names of {count} events are not claimed, for the storage is away ({fault}); dispatch finds the duplicates")]
    private partial void Away(int count, string fault);

    private sealed class Claiming(Submission given, Fingerprint fingerprint)
    {
        public Submission Given => given;

        public Fingerprint Fingerprint => fingerprint;

        public string EventId { get; set; } = given.Event.Id;

        public NameOwner? Owner { get; set; }

        public List<TableRow> New { get; } = [];

        public EventFault? Conflict { get; set; }
    }
}

/// <summary>What is to become of a submission.</summary>
/// <param name="Event">The event to publish, under the id of the first of its name.</param>
/// <param name="Conflict">Why nothing is to be published.</param>
internal sealed record Claim(NotificationEvent Event, EventFault? Conflict);
