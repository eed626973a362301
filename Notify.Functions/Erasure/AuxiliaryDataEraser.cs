using System.Text;
using System.Text.Json;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Sending.DeadLetters;

namespace Notify.Functions.Erasure;

/// <summary>
/// Deletes what is kept of a recipient beside the ledger: the inbox, dead letters, the trail of choices, records that were set aside.
/// </summary>
public sealed class AuxiliaryDataEraser(ITables tables, RecipientRows rows, DeadLetterBox letters)
{
    /// <summary>Deletes what lies under the recipient's hash.</summary>
    internal async Task EraseAsync(string hash, ErasureCounts found, CancellationToken cancellationToken)
    {
        var partition = KeyedHashes.PartitionOf(hash);
        await DeleteAsync(TableNames.Inbox, tables.QueryAsync(TableNames.Inbox, partition, hash + ".", hash + ".~", cancellationToken),
            found, cancellationToken);
        await DeleteAsync(TableNames.DeadLetters,
            tables.QueryAsync(TableNames.DeadLetters, partition, hash + ".", hash + ".~", cancellationToken), found, cancellationToken);
        await DeleteAsync(TableNames.Recipients,
            rows.OwnRowsAsync(hash, PreferenceStore.TrailOf(hash), PreferenceStore.TrailOf(hash) + "~", cancellationToken), found,
            cancellationToken);
    }

    /// <summary>
    /// Deletes what nobody could read, and which names the recipient all the same: records that were set aside, and messages.
    /// </summary>
    internal async Task EraseNamedAsync(IReadOnlyList<string> names, ErasureCounts found, CancellationToken cancellationToken)
    {
        var quoted = names.Select(name => JsonSerializer.Serialize(name, Notify.Functions.Contract.NotifyJson.Options)).ToList();
        bool Names(string text) => quoted.Exists(name => text.Contains(name, StringComparison.Ordinal));
        foreach (var partition in KeyedHashes.Partitions)
        {
            var named = await tables.QueryAsync(TableNames.Rejected, partition, "0", "~", cancellationToken)
                .Where(row => Names(Encoding.UTF8.GetString(row.Large("value") ?? []))
                    || Names(row.Text(RejectedRecords.HeadersColumn) ?? string.Empty) || Names(row.Text("faults") ?? string.Empty))
                .ToListAsync(cancellationToken);
            await tables.DeleteAllAsync(TableNames.Rejected, named, cancellationToken);
            found.Add(TableNames.Rejected, named.Count);
        }
        var messages = await letters.ReadAsync(after: null, cancellationToken)
            .Where(letter => letter.Delivery is null && Names(letter.Message)).ToListAsync(cancellationToken);
        await letters.RemoveAsync(messages, cancellationToken);
        found.Add(TableNames.DeadLetters, messages.Count);
    }

    private async Task DeleteAsync(string table, IAsyncEnumerable<TableRow> read, ErasureCounts found, CancellationToken cancellationToken)
    {
        var keys = await read.Select(row => new TableRow(row.Partition, row.Key)).ToListAsync(cancellationToken);
        await tables.DeleteAllAsync(table, keys, cancellationToken);
        found.Add(table, keys.Count);
    }
}
