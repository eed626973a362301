using System.Collections.Concurrent;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Recipients.Suppressions;

/// <summary>
/// Addresses that nothing is sent to, in the table <c>suppressions</c>, and the same as marks in the rows of the recipients who have them,
/// so that dispatch reads no further row. Who has an address is in the table <c>addresses</c>, by hashes only.
/// </summary>
/// <remarks>
/// A profile first says whose its addresses are, then asks for suppressions; a suppression is first written down, then looks for those who
/// have the address. Whichever comes first, one of the two sees the other.
/// </remarks>
public sealed class SuppressionList(ITables tables, RecipientRows rows, AddressHashes hashes, BatchRowReader scattered, TimeProvider time)
{
    // The address table's keys are hashes of 26 and 16 digits; '~' sorts behind them.
    private const string Behind = "~";

    // As many as a transaction takes; and what the storage emulator can take at once.
    private const int RowsAtOnce = 100;
    private const int PartitionsAtOnce = 4;

    /// <summary>Suppresses an address; where it is already, that stands. Safe to repeat.</summary>
    public async Task<Suppression> AddAsync(
        string? tenant, Channel channel, string address, SuppressionSource source, string? detail, CancellationToken cancellationToken)
    {
        var suppression = new Suppression
        {
            Id = hashes.Compute(tenant, channel, address),
            Tenant = tenant,
            Channel = channel,
            Address = address,
            Source = source,
            Detail = detail,
            At = time.GetUtcNow(),
        };
        return await AddAsync(suppression, cancellationToken);
    }

    /// <summary>The same for an address of which only the hash may be known.</summary>
    public async Task<Suppression> AddAsync(Suppression suppression, CancellationToken cancellationToken)
    {
        var there = await tables.InsertAllAsync(TableNames.Suppressions, [suppression.ToTable()], cancellationToken);
        var stands = there.Count == 0 ? suppression : Suppression.From(there.Values.First());
        await ApplyAsync(stands.Id, stands, cancellationToken);
        return stands;
    }

    /// <summary>Takes an address off the list; <see langword="false"/> where it is not on the tenant's. Safe to repeat.</summary>
    public async Task<bool> RemoveAsync(string? tenant, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(tenant, id, cancellationToken) is not { } found)
        {
            return false;
        }
        await tables.WriteAsync(TableNames.Suppressions, [TableWrite.Delete(KeyedHashes.PartitionOf(id), id)], cancellationToken);
        await ApplyAsync(id, found, cancellationToken);
        return true;
    }

    /// <summary>A tenant's suppression by its id, if there is one.</summary>
    public async Task<Suppression?> FindAsync(string? tenant, string id, CancellationToken cancellationToken) =>
        await GetAsync(id, cancellationToken) is { } found && string.Equals(found.Tenant, tenant, StringComparison.Ordinal) ? found : null;

    /// <summary>A tenant's suppression of an address, if there is one.</summary>
    public Task<Suppression?> FindAsync(string? tenant, Channel channel, string address, CancellationToken cancellationToken) =>
        FindAsync(tenant, hashes.Compute(tenant, channel, address), cancellationToken);

    /// <summary>Streams every suppression of one of the 16 partitions behind an id, in the order of the ids.</summary>
    public IAsyncEnumerable<Suppression> StreamAsync(string partition, string? after, CancellationToken cancellationToken) =>
        tables.QueryAsync(TableNames.Suppressions, partition, after is null ? string.Empty : after + "!", Behind, cancellationToken)
            .Select(Suppression.From);

    /// <summary>Says whose the addresses of a profile are, before it is written, and returns what of them is suppressed.</summary>
    internal async Task<IReadOnlyList<Suppression>> RegisterAsync(RecipientProfile profile, CancellationToken cancellationToken)
    {
        var own = hashes.Compute(profile);
        var recipient = rows.HashOf(profile.Tenant, profile.Id);
        await tables.InsertAllAsync(TableNames.Addresses,
            own.Values.Select(hash => new TableRow(KeyedHashes.PartitionOf(hash), $"{hash}.{recipient}")), cancellationToken);
        var found = await tables.ReadAllAsync(TableNames.Suppressions,
            [.. own.Values.Select(hash => new TableRow(KeyedHashes.PartitionOf(hash), hash))], cancellationToken);
        return [.. found.Select(Suppression.From)];
    }

    /// <summary>The same for many profiles, in few operations; the suppressions by their ids.</summary>
    internal async Task<IReadOnlyDictionary<string, Suppression>> RegisterAsync(
        IReadOnlyCollection<RecipientProfile> profiles, CancellationToken cancellationToken)
    {
        var own = profiles.SelectMany(profile =>
            hashes.Compute(profile).Values.Select(hash => (Hash: hash, Key: $"{hash}.{rows.HashOf(profile.Tenant, profile.Id)}")))
                .Distinct();
        var suppressed = new ConcurrentDictionary<string, Suppression>(StringComparer.Ordinal);
        var limit = new ParallelOptions { MaxDegreeOfParallelism = PartitionsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(own.GroupBy(one => KeyedHashes.PartitionOf(one.Hash), StringComparer.Ordinal), limit,
            async (partition, token) =>
        {
            foreach (var some in partition.Chunk(RowsAtOnce))
            {
                await tables.WriteAsync(TableNames.Addresses, [.. some.Select(one => TableWrite.Set(new TableRow(partition.Key, one.Key)))],
                    token);
            }
            foreach (var row in await scattered.ReadAsync(TableNames.Suppressions, partition.Key, [.. partition.Select(one => one.Hash)],
                token))
            {
                suppressed[row.Key] = Suppression.From(row);
            }
        });
        return suppressed;
    }

    /// <summary>
    /// Makes the marks say what the list says. Whoever marks last has looked last: it goes on until the list is as it was before the marks.
    /// </summary>
    internal async Task ApplyAsync(string id, Suppression names, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = await GetAsync(id, cancellationToken);
            foreach (var recipient in await WhoHasAsync(id, names, cancellationToken))
            {
                var mark = RecipientRows.KeyOf(recipient);
                mark[StoredRecipient.MarkColumn(id)] = before is null ? 0 : (int)before.Source;
                await rows.SetAsync(mark, cancellationToken);
            }
            if (before is null == await GetAsync(id, cancellationToken) is null)
            {
                return;
            }
        }
    }

    private async Task<Suppression?> GetAsync(string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Suppressions, KeyedHashes.PartitionOf(id), id, cancellationToken) is { } row
            ? Suppression.From(row) : null;

    private async Task<IReadOnlyCollection<string>> WhoHasAsync(string id, Suppression names, CancellationToken cancellationToken)
    {
        var who = await tables.QueryAsync(TableNames.Addresses, KeyedHashes.PartitionOf(id), id + ".", id + "." + Behind, cancellationToken)
            .Select(row => row.Key[(id.Length + 1)..]).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        // The address itself can be a recipient, and has no profile that would say so.
        if (names.Address is not null && names.Channel is Channel.Email or Channel.Sms)
        {
            who.Add(rows.HashOf(names.Tenant, (names.Channel == Channel.Email ? AddressSyntax.MailPrefix : AddressSyntax.PhonePrefix)
                + names.Address));
        }
        return who;
    }
}
