using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;

namespace Notify.Functions.Recipients;

/// <summary>
/// Writes many profiles in few transactions. It says whose their addresses are, as writing one does, but moves no push tokens.
/// </summary>
internal sealed class RecipientBulk(RecipientRows rows, SuppressionList suppressions, AddressHashes addresses)
{
    // With the partition's stamp a transaction is full.
    private const int RowsOfOneTransaction = 99;

    // The storage emulator works one transaction off after the other, each the slower the more it holds: of 16 at once the last would
    // outwait its time limit.
    private const int PartitionsAtOnce = 4;

    /// <summary>
    /// Adds or replaces every profile; what else is known of the recipients stays. Of one that is given twice the last counts. Safe to
    /// repeat.
    /// </summary>
    public async Task PutAsync(IReadOnlyCollection<RecipientProfile> profiles, CancellationToken cancellationToken)
    {
        var once = profiles.Reverse().DistinctBy(profile => (profile.Tenant, profile.Id)).ToList();
        var suppressed = await suppressions.RegisterAsync(once, cancellationToken);
        var columns = once.Select(profile => ColumnsOf(profile, suppressed));
        await Parallel.ForEachAsync(columns.GroupBy(row => row.Partition, StringComparer.Ordinal), Limited(cancellationToken),
            async (partition, token) =>
        {
            foreach (var chunk in partition.Chunk(RowsOfOneTransaction))
            {
                await PutAsync(chunk, token);
            }
        });
        // One that was taken back while its mark was written must not stay.
        foreach (var one in suppressed.Values)
        {
            await suppressions.ApplyAsync(one.Id, one, cancellationToken);
        }
    }

    private static ParallelOptions Limited(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = PartitionsAtOnce, CancellationToken = cancellationToken };

    // Most are new. Who is known is not asked first: for that, whole pages of every partition would be read at once.
    private async Task PutAsync(TableRow[] chunk, CancellationToken cancellationToken)
    {
        if (!await ChangeAsync(chunk, TableWrite.Insert, cancellationToken))
        {
            // Whatever is there: this cannot meet a conflict.
            await ChangeAsync(chunk, TableWrite.Set, cancellationToken);
        }
    }

    private async Task<bool> ChangeAsync(TableRow[] chunk, Func<TableRow, TableWrite> write, CancellationToken cancellationToken) =>
        (await rows.ChangeAsync(write(chunk[0]), cancellationToken, [.. chunk.Skip(1).Select(write)])).IsDone;

    private TableRow ColumnsOf(RecipientProfile profile, IReadOnlyDictionary<string, Suppression> suppressed)
    {
        var row = rows.KeyOf(profile.Tenant, profile.Id);
        row[StoredRecipient.ProfileColumn] = JsonSerializer.Serialize(profile, NotifyJson.Options);
        foreach (var id in addresses.Compute(profile).Values.Where(suppressed.ContainsKey))
        {
            row[StoredRecipient.MarkColumn(id)] = (int)suppressed[id].Source;
        }
        return row;
    }
}
