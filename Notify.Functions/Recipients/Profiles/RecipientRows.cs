using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>
/// The rows of the table <c>recipients</c>: one a recipient, under the hash that also places the deliveries, and in each of the 16
/// partitions a stamp that every change replaces in its own transaction.
/// </summary>
public sealed class RecipientRows(ITables tables, KeyedHashes keyedHashes, BatchRowReader scattered)
{
    private const string StampKey = "!stamp";
    private const string StampColumn = "stamp";

    /// <summary>
    /// The hash that a recipient's row has: the one of the deliveries, but that a bare email address has one however it is written.
    /// </summary>
    public string HashOf(string? tenant, string recipient) => keyedHashes.RecipientHash(
        tenant, recipient.StartsWith(AddressSyntax.MailPrefix, StringComparison.Ordinal)
            ? AddressSyntax.MailPrefix + AddressHashes.EmailKey(recipient[AddressSyntax.MailPrefix.Length..])
            : recipient);

    /// <summary>The keys of a recipient's row.</summary>
    public TableRow KeyOf(string? tenant, string recipient) => KeyOf(HashOf(tenant, recipient));

    /// <summary>The keys of the row under a hash.</summary>
    public static TableRow KeyOf(string hash) => new(KeyedHashes.PartitionOf(hash), hash);

    /// <summary>The row of one recipient, if there is one.</summary>
    public Task<TableRow?> GetAsync(string hash, CancellationToken cancellationToken) =>
        tables.GetAsync(TableNames.Recipients, KeyedHashes.PartitionOf(hash), hash, cancellationToken);

    /// <summary>Many rows of one partition, in as few operations as pays; those that do not exist are left out.</summary>
    public Task<IReadOnlyList<TableRow>> ReadAsync(
        string partition, IReadOnlyCollection<string> hashes, CancellationToken cancellationToken) =>
        scattered.ReadAsync(TableNames.Recipients, partition, hashes, cancellationToken);

    /// <summary>Streams the rows of one partition behind a hash, in order.</summary>
    public IAsyncEnumerable<TableRow> StreamAsync(string partition, string? after, CancellationToken cancellationToken) =>
        tables.QueryAsync(TableNames.Recipients, partition, after is null ? "0" : after + "!", "~", cancellationToken);

    /// <summary>The stamp of a partition. What is read after it is at least as new as it.</summary>
    public async Task<string> StampAsync(string partition, CancellationToken cancellationToken) =>
        (await tables.GetAsync(TableNames.Recipients, partition, StampKey, cancellationToken))?.Text(StampColumn) ?? string.Empty;

    /// <summary>Sets the given columns, whether or not the recipient has a row; <see langword="true"/> where there was none.</summary>
    public async Task<bool> SetAsync(TableRow columns, CancellationToken cancellationToken)
    {
        while (true)
        {
            if ((await ChangeAsync(TableWrite.Merge(columns), cancellationToken)).IsDone)
            {
                return false;
            }
            if ((await ChangeAsync(TableWrite.Insert(columns), cancellationToken)).IsDone)
            {
                return true;
            }
            // Deleted and made again in between.
        }
    }

    /// <summary>Streams rows that belong to a recipient and are kept before everybody's own rows: from ≤ key &lt; to.</summary>
    public IAsyncEnumerable<TableRow> OwnRowsAsync(string hash, string from, string to, CancellationToken cancellationToken) =>
        tables.QueryAsync(TableNames.Recipients, KeyedHashes.PartitionOf(hash), from, to, cancellationToken);

    /// <summary>Does one write to a recipient's row, and others of its partition, and changes the partition's stamp with it.</summary>
    public Task<TableOutcome> ChangeAsync(TableWrite write, CancellationToken cancellationToken, params IReadOnlyList<TableWrite> others)
    {
        var stamp = new TableRow(write.Row.Partition, StampKey) { [StampColumn] = Guid.NewGuid().ToString("N") };
        return tables.WriteAsync(TableNames.Recipients, [write, .. others, TableWrite.Upsert(stamp)], cancellationToken);
    }
}
