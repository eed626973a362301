using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>
/// A push token names a device, and a device has one user at a time: who registers a token last has it, and it leaves the profile of
/// whoever in the tenant had it before.
/// </summary>
/// <remarks>
/// The owner is a row of the table <c>addresses</c> under the token's hash, <c>owner</c> and <c>former</c>; it exists from the second
/// recipient of a token on. The order makes it safe: first the claim, by ETag, so that of two registrations one is the last; then the new
/// owner's profile is written; then the token leaves the others' profiles, by their ETags. So the token is never in nobody's profile.
/// Whoever writes a profile looks at the claim once more afterwards, and leaves the token to a later owner. A process that dies in between
/// leaves the token with both; the call had no answer then, and the same call again finishes it.
/// </remarks>
public sealed class PushTokenOwners(ITables tables, RecipientRows rows, AddressHashes hashes)
{
    private const string OwnerColumn = "owner";
    private const string FormerColumn = "former";

    // Sorts behind every character of a hash.
    private const string Behind = "~";

    /// <summary>
    /// Makes the recipient the owner of its profile's tokens. Called before the profile is written, and after the table of addresses says
    /// whose the tokens are.
    /// </summary>
    internal Task ClaimAsync(RecipientProfile profile, CancellationToken cancellationToken)
    {
        var recipient = rows.HashOf(profile.Tenant, profile.Id);
        return Task.WhenAll(TokensOf(profile).Select(token => ClaimAsync(token.Hash, recipient, cancellationToken)));
    }

    /// <summary>
    /// Takes the profile's tokens out of all profiles but their owners', this one included. Called after the profile is written. Safe to
    /// repeat.
    /// </summary>
    internal async Task SettleAsync(RecipientProfile profile, CancellationToken cancellationToken)
    {
        var recipient = rows.HashOf(profile.Tenant, profile.Id);
        // One after the other: several may have to leave the same profile.
        foreach (var (token, hash) in TokensOf(profile))
        {
            await SettleAsync(token, hash, recipient, cancellationToken);
        }
    }

    private async Task ClaimAsync(string hash, string recipient, CancellationToken cancellationToken)
    {
        while (true)
        {
            var claim = await FindAsync(hash, cancellationToken);
            if (claim is not null && IsOwner(claim, recipient))
            {
                return;
            }
            var before = claim is null ? await HoldersAsync(hash, cancellationToken) : [.. FormerOf(claim), claim.Text(OwnerColumn)!];
            var former = before.Where(one => !string.Equals(one, recipient, StringComparison.Ordinal)).Distinct(
                StringComparer.Ordinal).ToList();
            if (claim is null && former.Count == 0)
            {
                return;
            }
            var row = Claim(hash, recipient, former);
            var write = claim is null ? TableWrite.Insert(row) : TableWrite.Merge(row, claim.ETag);
            if ((await tables.WriteAsync(TableNames.Addresses, [write], cancellationToken)).IsDone)
            {
                return;
            }
        }
    }

    private async Task SettleAsync(string token, string hash, string recipient, CancellationToken cancellationToken)
    {
        while (await FindAsync(hash, cancellationToken) is { } claim)
        {
            var former = FormerOf(claim);
            // Somebody has claimed it since, and may have looked at this profile before it was written.
            foreach (var loser in IsOwner(claim, recipient) ? former : former.Append(recipient))
            {
                await RemoveAsync(token, hash, loser, cancellationToken);
            }
            if (former.Length == 0
                || (await tables.WriteAsync(TableNames.Addresses, [TableWrite.Merge(Claim(hash, claim.Text(OwnerColumn)!, []), claim.ETag)],
                    cancellationToken)).IsDone)
            {
                return;
            }
        }
    }

    // First the profile, then the claim: who takes the token back in between claims it before they write their profile, so this write
    // fails, or comes before theirs.
    private async Task RemoveAsync(string token, string hash, string loser, CancellationToken cancellationToken)
    {
        while (await rows.GetAsync(loser, cancellationToken) is { } row && StoredRecipient.From(row).Profile is { } profile)
        {
            List<PushToken> left = [.. profile.PushTokens.Where(one => !string.Equals(one.Token, token, StringComparison.Ordinal))];
            if (left.Count == profile.PushTokens.Count || (await FindAsync(hash, cancellationToken) is { } claim && IsOwner(claim, loser)))
            {
                return;
            }
            var columns = RecipientRows.KeyOf(loser);
            columns[StoredRecipient.ProfileColumn] = JsonSerializer.Serialize(profile with { PushTokens = left }, NotifyJson.Options);
            if ((await rows.ChangeAsync(TableWrite.Merge(columns, row.ETag), cancellationToken)).IsDone)
            {
                return;
            }
        }
    }

    private Task<TableRow?> FindAsync(string hash, CancellationToken cancellationToken) =>
        tables.GetAsync(TableNames.Addresses, KeyedHashes.PartitionOf(hash), hash, cancellationToken);

    // Who was registered with the token before anybody claimed it.
    private async Task<IReadOnlyList<string>> HoldersAsync(string hash, CancellationToken cancellationToken) =>
        await tables.QueryAsync(TableNames.Addresses, KeyedHashes.PartitionOf(hash), hash + ".", hash + "." + Behind, cancellationToken)
            .Select(row => row.Key[(hash.Length + 1)..]).ToListAsync(cancellationToken);

    private IEnumerable<(string Token, string Hash)> TokensOf(RecipientProfile profile) =>
        profile.AddressesOn(Channel.Push).Select(token => (token, hashes.Compute(profile.Tenant, Channel.Push, token)));

    private static TableRow Claim(string hash, string owner, IReadOnlyCollection<string> former) => new(KeyedHashes.PartitionOf(hash), hash)
    {
        [OwnerColumn] = owner,
        [FormerColumn] = string.Join(' ', former),
    };

    private static bool IsOwner(TableRow claim, string recipient) =>
        string.Equals(claim.Text(OwnerColumn), recipient, StringComparison.Ordinal);

    private static string[] FormerOf(TableRow claim) => claim.Text(FormerColumn)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
