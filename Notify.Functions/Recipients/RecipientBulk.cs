using System.Text.Json;
using Notify.Functions.Delivery;
using Notify.Functions.Events;
using Notify.Functions.Storage;

namespace Notify.Functions.Recipients;

/// <summary>Writes many profiles in few transactions.</summary>
public sealed class RecipientBulk(RecipientRows rows, Identities identities)
{
    // With the partition's stamp a transaction is full.
    private const int RowsOfOneTransaction = 99;

    /// <summary>Adds or replaces every profile; what else is known of the recipients stays. Of one that is given twice the last counts. Safe to repeat.</summary>
    public async Task PutAsync(IReadOnlyCollection<RecipientProfile> profiles, CancellationToken cancellationToken)
    {
        var columns = profiles.Reverse().DistinctBy(profile => (profile.Tenant, profile.Id)).Select(ColumnsOf);
        await Task.WhenAll(columns.GroupBy(row => row.Partition, StringComparer.Ordinal).Select(async partition =>
        {
            foreach (var chunk in partition.Chunk(RowsOfOneTransaction))
            {
                await PutAsync(partition.Key, chunk, cancellationToken).ConfigureAwait(false);
            }
        })).ConfigureAwait(false);
    }

    private async Task PutAsync(string partition, IReadOnlyList<TableRow> chunk, CancellationToken cancellationToken)
    {
        var known = (await rows.ReadAsync(partition, [.. chunk.Select(row => row.Key)], cancellationToken).ConfigureAwait(false)).Select(row => row.Key).ToHashSet(StringComparer.Ordinal);
        List<TableWrite> writes = [.. chunk.Select(row => known.Contains(row.Key) ? TableWrite.Merge(row) : TableWrite.Insert(row))];
        if ((await rows.ChangeAsync(writes[0], cancellationToken, writes[1..]).ConfigureAwait(false)).IsDone)
        {
            return;
        }
        // Somebody else has added or deleted one of them in between.
        foreach (var row in chunk)
        {
            await rows.SetAsync(row, cancellationToken).ConfigureAwait(false);
        }
    }

    private TableRow ColumnsOf(RecipientProfile profile)
    {
        var row = RecipientRows.KeyOf(identities.RecipientHash(profile.Tenant, profile.Id));
        row[StoredRecipient.ProfileColumn] = JsonSerializer.Serialize(profile, JsonText.Options);
        return row;
    }
}
