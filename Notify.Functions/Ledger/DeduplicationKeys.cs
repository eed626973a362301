using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>Who owns a deduplication key: the first event that had it, for as long as keys live.</summary>
public sealed class DeduplicationKeys(ITables tables, Identities identities, TimeProvider time)
{
    private const string EventIdColumn = "eventId";
    private const string AtColumn = "at";

    /// <summary>
    /// Claims the keys of those events that have one, and returns for each event, in order, the id of the event that owns its key:
    /// its own where the key is now its, or where it has none.
    /// </summary>
    public async Task<IReadOnlyList<string>> ClaimAsync(IReadOnlyList<NotificationEvent> events, TimeSpan ttl, CancellationToken cancellationToken)
    {
        var owners = new Dictionary<(string, string), string>();
        var rows = events.Select(notification => notification.DeduplicationKey is null ? null : Row(notification)).ToList();
        foreach (var row in rows.OfType<TableRow>())
        {
            owners.TryAdd((row.Partition, row.Key), row.Text(EventIdColumn)!);
        }
        var existing = await tables.InsertAllAsync(TableNames.Events, rows.OfType<TableRow>(), cancellationToken);
        foreach (var (key, row) in existing)
        {
            owners[key] = await OwnerAsync(row, owners[key], ttl, cancellationToken);
        }
        return [.. events.Zip(rows, (notification, row) => row is null ? notification.Id : owners[(row.Partition, row.Key)])];
    }

    private async Task<string> OwnerAsync(TableRow found, string claimant, TimeSpan ttl, CancellationToken cancellationToken)
    {
        for (TableRow? row = found; row is not null;)
        {
            if (row.Time(AtColumn) + ttl > time.GetUtcNow() || string.Equals(row.Text(EventIdColumn), claimant, StringComparison.Ordinal))
            {
                return row.Text(EventIdColumn)!;
            }
            var renewed = new TableRow(row.Partition, row.Key) { [EventIdColumn] = claimant, [AtColumn] = time.GetUtcNow() };
            var outcome = await tables.WriteAsync(TableNames.Events, [TableWrite.Replace(renewed, row.ETag)], cancellationToken);
            if (outcome.IsDone)
            {
                break;
            }
            row = await tables.GetAsync(TableNames.Events, row.Partition, row.Key, cancellationToken);
        }
        return claimant;
    }

    private TableRow Row(NotificationEvent notification)
    {
        var hash = identities.KeyHash(notification.Tenant, notification.DeduplicationKey!);
        return new TableRow(Identities.PartitionOf(hash), "k." + hash) { [EventIdColumn] = notification.Id, [AtColumn] = time.GetUtcNow() };
    }
}
