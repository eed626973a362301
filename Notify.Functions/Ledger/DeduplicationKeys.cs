using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>Who owns a deduplication key: the first event that was dispatched with it, for as long as keys live.</summary>
public sealed class DeduplicationKeys(ITables tables, KeyedHashes keyedHashes, TimeProvider time)
{
    /// <summary>
    /// Claims the keys of those events that have one, and returns for each event, in order, the event that owns its key: itself where the
    /// key is now its, or where it has none.
    /// </summary>
    internal async Task<IReadOnlyList<NameOwner>> ClaimAsync(
        IReadOnlyList<EventRecord> heads, TimeSpan ttl, CancellationToken cancellationToken)
    {
        var owners = new Queue<NameOwner>(
            await tables.ClaimNamesAsync([.. heads.Where(head => head.Event.DeduplicationKey is not null).Select(Row)], ttl, time,
                cancellationToken));
        return [.. heads.Select(head => head.Event.DeduplicationKey is null
            ? new NameOwner(head.Event.Id, head.Fingerprint, IsNew: false) : owners.Dequeue())];
    }

    /// <summary>The event that owns a key; <see langword="null"/> where none was dispatched with it of late.</summary>
    internal Task<NameOwner?> FindAsync(string? tenant, string key, TimeSpan ttl, CancellationToken cancellationToken) =>
        tables.FindNameAsync(NameRows.Dispatched, keyedHashes.KeyHash(tenant, key), ttl, time, cancellationToken);

    /// <summary>
    /// Takes the key of an event, if it has one, from an owner that was set aside; where it has another owner, that one keeps it.
    /// </summary>
    internal Task ReleaseAsync(NotificationEvent notification, NameOwner owner, CancellationToken cancellationToken) =>
        notification.DeduplicationKey is not { } key
        ? Task.CompletedTask
        : tables.ReleaseNameAsync(
            NameRows.Create(NameRows.Dispatched, keyedHashes.KeyHash(notification.Tenant, key), owner.EventId, owner.Fingerprint,
                time.GetUtcNow()), cancellationToken);

    /// <summary>Takes out of an event's names what it says. The names go on standing for it.</summary>
    internal async Task ForgetAsync(NotificationEvent notification, CancellationToken cancellationToken)
    {
        if (notification.DeduplicationKey is { } key)
        {
            await tables.ForgetFingerprintAsync(NameRows.Dispatched, keyedHashes.KeyHash(notification.Tenant, key), notification.Id,
                cancellationToken);
            await tables.ForgetFingerprintAsync(NameRows.Accepted, keyedHashes.KeyHash(notification.Tenant, key), notification.Id,
                cancellationToken);
        }
        await tables.ForgetFingerprintAsync(NameRows.Accepted, keyedHashes.EventHash(notification.Tenant, notification.Id), notification.Id,
            cancellationToken);
    }

    private TableRow Row(EventRecord head) =>
        NameRows.Create(NameRows.Dispatched, keyedHashes.KeyHash(head.Event.Tenant, head.Event.DeduplicationKey!), head.Event.Id,
            head.Fingerprint, time.GetUtcNow());
}
