using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;

namespace Notify.Functions.Erasure;

/// <summary>
/// Erases a recipient's own row and the notes on suppressed addresses. What the recipient refused, by category, and suppressed addresses,
/// by hash, stay: a recipient who comes back must not get what they had refused.
/// </summary>
public sealed class RecipientRowEraser(ITables tables, RecipientRows rows, AddressHashes addresses)
{
    /// <summary>Erases the row with this hash, and writes the report into it. A profile that was added since the mark stays.</summary>
    internal async Task FinishAsync(
        string hash, EraseRecipientCommand command, string state, ErasureCounts found, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await rows.GetAsync(hash, cancellationToken) is not { } row || ErasureReport.From(row) is not { } report)
            {
                return;
            }
            var stored = StoredRecipient.From(row);
            if (stored.IsBeingErased && (stored.Profile ?? AddressOf(hash, command)) is { } profile)
            {
                await ForgetAddressesAsync(hash, profile, found, cancellationToken);
            }
            var isOwn = string.Equals(hash, command.RowHash, StringComparison.Ordinal);
            var done = report.With(state, isOwn ? found : new ErasureCounts());
            if (stored.IsBeingErased)
            {
                row[StoredRecipient.ProfileColumn] = null;
                row[StoredRecipient.PreferencesColumn] = stored.Preferences.OfNobody().Write();
            }
            if ((await rows.ChangeAsync(TableWrite.Replace(done.WriteTo(row), row.ETag), cancellationToken)).IsDone)
            {
                return;
            }
        }
    }

    // A bare address has no profile, and may be suppressed all the same.
    private RecipientProfile? AddressOf(string hash, EraseRecipientCommand command) => command.Recipients
        .Where(name => string.Equals(rows.HashOf(command.Tenant, name), hash, StringComparison.Ordinal))
        .Select(name => RecipientProfile.OfAddress(command.Tenant, name)).FirstOrDefault();

    // A suppressed address stays suppressed, by its hash; what somebody has written about it goes. A provider's code names nobody.
    private async Task ForgetAddressesAsync(string hash, RecipientProfile profile, ErasureCounts found, CancellationToken cancellationToken)
    {
        foreach (var id in addresses.Compute(profile).Values)
        {
            var partition = KeyedHashes.PartitionOf(id);
            await tables.DeleteAllAsync(TableNames.Addresses, [new TableRow(partition, $"{id}.{hash}")], cancellationToken);
            if (await tables.GetAsync(TableNames.Suppressions, partition, id, cancellationToken) is { } row
                && Suppression.From(row) is var suppression
                && (suppression.Address is not null || NoteOf(suppression) is not null))
            {
                var left = suppression with { Address = null, Detail = NoteOf(suppression) is null ? suppression.Detail : null };
                await tables.WriteAsync(TableNames.Suppressions, [TableWrite.Replace(left.ToTable(), row.ETag)], cancellationToken);
                found.Add(TableNames.Suppressions);
            }
        }
        found.Add(TableNames.Recipients);
    }

    private static string? NoteOf(Suppression suppression) => suppression.Source == SuppressionSource.Manual ? suppression.Detail : null;
}
