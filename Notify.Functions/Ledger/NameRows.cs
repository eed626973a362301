using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>
/// Rows that say which event a name stands for, in table <c>events</c>: the first that asked, for as long as names live. A row whose time
/// is over is replaced by whoever asks next; none is deleted for its age.
/// </summary>
internal static class NameRows
{
    /// <summary>The prefix of the rows by which dispatch finds duplicates: deduplication keys.</summary>
    public const string Dispatched = "k.";

    /// <summary>
    /// The prefix of the rows by which the intake knows what it has accepted: deduplication keys and ids. Dispatch does not read them.
    /// </summary>
    public const string Accepted = "c.";

    private const string EventIdColumn = "eventId";
    private const string AtColumn = "at";

    /// <summary>The row that claims a name for an event.</summary>
    public static TableRow Create(string prefix, string hash, string eventId, Fingerprint? fingerprint, DateTimeOffset now) =>
        new(KeyedHashes.PartitionOf(hash), prefix + hash)
        {
            [EventIdColumn] = eventId,
            [AtColumn] = now,
            [Fingerprint.Column] = fingerprint?.ToString(),
        };

    /// <summary>
    /// Claims names and returns, for each row in order, the event that its name stands for. Of rows of one name the first comes first.
    /// </summary>
    public static async Task<IReadOnlyList<NameOwner>> ClaimNamesAsync(
        this ITables tables, IReadOnlyList<TableRow> rows, TimeSpan ttl, TimeProvider time, CancellationToken cancellationToken)
    {
        var firsts = rows.DistinctBy(row => (row.Partition, row.Key)).ToList();
        var existing = await tables.InsertAllAsync(TableNames.Events, firsts, cancellationToken);
        var owners = new Dictionary<(string, string), NameOwner>();
        foreach (var row in firsts)
        {
            owners[(row.Partition, row.Key)] = existing.TryGetValue((row.Partition, row.Key), out var found)
                ? await OwnerAsync(tables, row, found, ttl, time, cancellationToken)
                : OwnerOf(row, isNew: true);
        }
        var news = firsts.ToHashSet<TableRow>(ReferenceEqualityComparer.Instance);
        return [.. rows.Select(row => owners[(row.Partition, row.Key)] is var owner && news.Contains(row)
            ? owner : owner with { IsNew = false })];
    }

    /// <summary>The event that a name stands for; <see langword="null"/> where nobody has claimed it, or where its time is over.</summary>
    public static async Task<NameOwner?> FindNameAsync(
        this ITables tables, string prefix, string hash, TimeSpan ttl, TimeProvider time, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Events, KeyedHashes.PartitionOf(hash), prefix + hash, cancellationToken) is { } row
        && IsAlive(row, ttl, time)
            ? OwnerOf(row, isNew: false)
            : null;

    /// <summary>
    /// Gives a name back that was claimed for an event which does not come; a row that says anything else stays. Safe to repeat.
    /// </summary>
    public static async Task ReleaseNameAsync(this ITables tables, TableRow claim, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(TableNames.Events, claim.Partition, claim.Key, cancellationToken) is { } row
            && string.Equals(row.Text(EventIdColumn), claim.Text(EventIdColumn), StringComparison.Ordinal)
            && string.Equals(row.Text(Fingerprint.Column), claim.Text(Fingerprint.Column), StringComparison.Ordinal))
        {
            await tables.WriteAsync(TableNames.Events, [TableWrite.Delete(row.Partition, row.Key, row.ETag)], cancellationToken);
        }
    }

    /// <summary>Takes the fingerprint out of a name's row, where the name stands for this event. Safe to repeat.</summary>
    public static async Task ForgetFingerprintAsync(
        this ITables tables, string prefix, string hash, string eventId, CancellationToken cancellationToken)
    {
        while (await tables.GetAsync(TableNames.Events, KeyedHashes.PartitionOf(hash), prefix + hash, cancellationToken) is { } row
            && row.Has(Fingerprint.Column) && string.Equals(row.Text(EventIdColumn), eventId, StringComparison.Ordinal))
        {
            row[Fingerprint.Column] = null;
            if ((await tables.WriteAsync(TableNames.Events, [TableWrite.Replace(row, row.ETag)], cancellationToken)).IsDone)
            {
                return;
            }
        }
    }

    private static async Task<NameOwner> OwnerAsync(
        ITables tables, TableRow claim, TableRow? found, TimeSpan ttl, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (found is not null && (IsAlive(found, ttl, time) || IsSame(found, claim)))
            {
                return OwnerOf(found, isNew: false);
            }
            var write = found is null ? TableWrite.Insert(claim) : TableWrite.Replace(claim, found.ETag);
            if ((await tables.WriteAsync(TableNames.Events, [write], cancellationToken)).IsDone)
            {
                return OwnerOf(claim, isNew: true);
            }
            found = await tables.GetAsync(TableNames.Events, claim.Partition, claim.Key, cancellationToken);
        }
    }

    private static bool IsAlive(TableRow row, TimeSpan ttl, TimeProvider time) => row.Time(AtColumn) + ttl > time.GetUtcNow();

    private static bool IsSame(TableRow row, TableRow claim) =>
        OwnerOf(row, isNew: false) is var found && OwnerOf(claim, isNew: true) is var own
        && string.Equals(found.EventId, own.EventId, StringComparison.Ordinal)
        && own.Fingerprint?.Contradicts(found.Fingerprint) is not true;

    private static NameOwner OwnerOf(TableRow row, bool isNew) =>
        new(row.Text(EventIdColumn)!, Fingerprint.Parse(row.Text(Fingerprint.Column)), isNew);
}

/// <summary>The event that a name stands for.</summary>
/// <param name="EventId">Its id.</param>
/// <param name="Fingerprint">What it says; <see langword="null"/> where that is not known.</param>
/// <param name="IsNew">Whether the name was claimed just now, by the row that asked.</param>
internal sealed record NameOwner(string EventId, Fingerprint? Fingerprint, bool IsNew);
