using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;

namespace Notify.Functions.Recipients;

/// <summary>Recipients in the table <c>recipients</c>, with what was read lately before it.</summary>
public sealed class TableRecipientDirectory(
    RecipientRows rows, RecipientCache cache, SuppressionList suppressions, PushTokenOwners tokens, AddressHashes addresses)
{
    // Fewer are read by their keys: asking for the stamp would cost as much as it saves.
    private const int WorthAStamp = 4;
    private const int PageSize = 100;

    // A tenant with few recipients among many others' must not make one call read them all.
    private const int RowsOfOnePage = 2000;

    /// <summary>The profiles of those recipients that are known, by id; external addresses are always known.</summary>
    public async Task<IReadOnlyDictionary<string, RecipientProfile>> FindAsync(
        string? tenant, IReadOnlyCollection<string> recipients, CancellationToken cancellationToken)
    {
        var hashes = recipients.Distinct(StringComparer.Ordinal)
            .ToDictionary(recipient => recipient, recipient => rows.HashOf(tenant, recipient), StringComparer.Ordinal);
        var stored = await Task.WhenAll(hashes.Values.Distinct(StringComparer.Ordinal)
            .GroupBy(KeyedHashes.PartitionOf, StringComparer.Ordinal)
            .Select(partition => ReadAsync(partition.Key, [.. partition], cancellationToken)));
        var byHash = stored.SelectMany(some => some).ToDictionary(StringComparer.Ordinal);
        var found = new Dictionary<string, RecipientProfile>(StringComparer.Ordinal);
        foreach (var (recipient, hash) in hashes)
        {
            if ((byHash.GetValueOrDefault(hash) ?? StoredRecipient.None).For(tenant, recipient, addresses) is { } profile)
            {
                found[recipient] = profile;
            }
        }
        return found;
    }

    /// <summary>
    /// Adds or replaces a profile; <see langword="true"/> where it was added. What else is known of the recipient stays. Its push tokens
    /// leave whoever had them.
    /// </summary>
    public async Task<bool> PutAsync(RecipientProfile profile, CancellationToken cancellationToken)
    {
        var suppressed = await suppressions.RegisterAsync(profile, cancellationToken);
        await tokens.ClaimAsync(profile, cancellationToken);
        var isNew = await rows.SetAsync(Columns(profile, suppressed), cancellationToken);
        await tokens.SettleAsync(profile, cancellationToken);
        await CheckAsync(suppressed, cancellationToken);
        return isNew;
    }

    /// <summary>
    /// Changes a profile as it stands now. The change may be asked for again where somebody else was faster; it returns
    /// <see langword="null"/> to leave everything as it is. Returns the new profile, or <see langword="null"/> where nothing was changed.
    /// </summary>
    /// <param name="tenant">The tenant, if any.</param>
    /// <param name="recipient">The user.</param>
    /// <param name="change">Makes the new profile.</param>
    /// <param name="cancellationToken">Cancels the change.</param>
    /// <param name="registersTokens">Whether the change names push tokens: only then they leave whoever had them. A token that is merely
    /// still there may just be leaving.</param>
    public async Task<RecipientProfile?> ChangeAsync(
        string? tenant, string recipient, Func<RecipientProfile, RecipientProfile?> change, CancellationToken cancellationToken,
        bool registersTokens = false)
    {
        while (true)
        {
            var row = await rows.GetAsync(rows.HashOf(tenant, recipient), cancellationToken);
            if (row is null || StoredRecipient.From(row).Profile is not { } before || change(before) is not { } after)
            {
                return null;
            }
            var suppressed = await suppressions.RegisterAsync(after, cancellationToken);
            if (registersTokens)
            {
                await tokens.ClaimAsync(after, cancellationToken);
            }
            var write = TableWrite.Merge(Columns(after, suppressed), row.ETag);
            if ((await rows.ChangeAsync(write, cancellationToken)).IsDone)
            {
                if (registersTokens)
                {
                    await tokens.SettleAsync(after, cancellationToken);
                }
                await CheckAsync(suppressed, cancellationToken);
                return after;
            }
        }
    }

    /// <summary>One page of a tenant's profiles, in the order of their hashes. It may be empty while <c>Next</c> goes on.</summary>
    public async Task<RecipientPage> ListAsync(string? tenant, HashCursor cursor, CancellationToken cancellationToken)
    {
        var (items, looked) = (new List<RecipientProfile>(PageSize), 0);
        var (range, after) = (cursor.Range, cursor.After);
        for (; range < KeyedHashes.Partitions.Count; (range, after) = (range + 1, null))
        {
            await foreach (var row in rows.StreamAsync(KeyedHashes.Partitions[range], after, cancellationToken))
            {
                if (items.Count == PageSize || looked++ == RowsOfOnePage)
                {
                    return new RecipientPage(items, new HashCursor(range, after));
                }
                after = row.Key;
                if (StoredRecipient.From(row).Profile is { } profile && string.Equals(profile.Tenant, tenant, StringComparison.Ordinal))
                {
                    items.Add(profile);
                }
            }
        }
        return new RecipientPage(items, Next: null);
    }

    private async Task<IReadOnlyList<KeyValuePair<string, StoredRecipient>>> ReadAsync(
        string partition, IReadOnlyList<string> hashes, CancellationToken cancellationToken)
    {
        if (hashes.Count < WorthAStamp)
        {
            return [.. (await rows.ReadAsync(partition, hashes, cancellationToken)).Select(Stored)];
        }
        // First the stamp, then the rows: what is remembered under it is at least as new.
        var stamp = await rows.StampAsync(partition, cancellationToken);
        var known = new List<KeyValuePair<string, StoredRecipient>>(hashes.Count);
        var missing = new List<string>();
        foreach (var hash in hashes)
        {
            if (cache.TryGet(hash, stamp, out var remembered))
            {
                known.Add(new(hash, remembered));
            }
            else
            {
                missing.Add(hash);
            }
        }
        foreach (var row in await rows.ReadAsync(partition, missing, cancellationToken))
        {
            var read = Stored(row);
            cache.Put(read.Key, stamp, read.Value);
            known.Add(read);
        }
        return known;
    }

    private static KeyValuePair<string, StoredRecipient> Stored(TableRow row) => new(row.Key, StoredRecipient.From(row));

    private TableRow Columns(RecipientProfile profile, IReadOnlyList<Suppression> suppressed)
    {
        var row = rows.KeyOf(profile.Tenant, profile.Id);
        row[StoredRecipient.ProfileColumn] = JsonSerializer.Serialize(profile, NotifyJson.Options);
        foreach (var one in suppressed)
        {
            row[StoredRecipient.MarkColumn(one.Id)] = (int)one.Source;
        }
        return row;
    }

    // A suppression that was taken back while its mark was written must not stay.
    private async Task CheckAsync(IReadOnlyList<Suppression> suppressed, CancellationToken cancellationToken)
    {
        foreach (var one in suppressed)
        {
            await suppressions.ApplyAsync(one.Id, one, cancellationToken);
        }
    }
}

/// <summary>A page of profiles.</summary>
/// <param name="Items">The profiles.</param>
/// <param name="Next">Where the next page begins; <see langword="null"/> behind the last.</param>
public sealed record RecipientPage(IReadOnlyList<RecipientProfile> Items, HashCursor? Next);
