using System.Text.Json;
using Notify.Functions.Delivery;
using Notify.Functions.Events;
using Notify.Functions.Storage;

namespace Notify.Functions.Recipients;

/// <summary>Recipients in the table <c>recipients</c>, one row each, by the hash that also places their deliveries.</summary>
public sealed class TableRecipientDirectory(ITables tables, Identities identities) : IRecipientDirectory
{
    private const string ProfileColumn = "profile";

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, RecipientProfile>> FindAsync(
        string? tenant, IReadOnlyCollection<string> recipients, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, RecipientProfile>(StringComparer.Ordinal);
        var keys = new List<TableRow>();
        foreach (var recipient in recipients)
        {
            if (RecipientProfile.OfAddress(tenant, recipient) is { } external)
            {
                found[recipient] = external;
            }
            else
            {
                keys.Add(KeyOf(tenant, recipient));
            }
        }
        foreach (var row in await tables.ReadAllAsync(TableNames.Recipients, keys, cancellationToken).ConfigureAwait(false))
        {
            var profile = JsonSerializer.Deserialize<RecipientProfile>(row.Text(ProfileColumn)!, JsonText.Options)!;
            found[profile.Id] = profile;
        }
        return found;
    }

    /// <inheritdoc/>
    public Task PutAsync(RecipientProfile profile, CancellationToken cancellationToken)
    {
        var row = KeyOf(profile.Tenant, profile.Id);
        row[ProfileColumn] = JsonSerializer.Serialize(profile, JsonText.Options);
        return tables.WriteAsync(TableNames.Recipients, [TableWrite.Upsert(row)], cancellationToken);
    }

    private TableRow KeyOf(string? tenant, string recipient)
    {
        var hash = identities.RecipientHash(tenant, recipient);
        return new TableRow(Identities.PartitionOf(hash), hash);
    }
}
