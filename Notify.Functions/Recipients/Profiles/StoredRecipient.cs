using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Recipients.Preferences;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>
/// What the row of a recipient holds. A bare address, or a recipient whose profile was deleted, may have a row without a profile.
/// </summary>
public sealed record StoredRecipient
{
    /// <summary>The column of <see cref="Profile"/>.</summary>
    internal const string ProfileColumn = "profile";

    /// <summary>The column of <see cref="Preferences"/>.</summary>
    internal const string PreferencesColumn = "preferences";

    /// <summary>The column of <see cref="ErasedAt"/>.</summary>
    internal const string ErasedAtColumn = "erasedAt";

    /// <summary>The column of <see cref="IsBeingErased"/>.</summary>
    internal const string ErasingColumn = "erasing";

    // One column an address: marking needs no reading before.
    private const string MarkPrefix = "s_";

    /// <summary>Nothing.</summary>
    public static StoredRecipient None { get; } = new();

    /// <summary>The profile, if there is one.</summary>
    public RecipientProfile? Profile { get; init; }

    /// <summary>When the recipient was erased.</summary>
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>Whether that is still going on, so that the profile is only here for it.</summary>
    public bool IsBeingErased { get; init; }

    /// <summary>What the recipient has chosen.</summary>
    public PreferenceSet Preferences { get; init; } = PreferenceSet.None;

    /// <summary>
    /// The hashes of the recipient's addresses that are suppressed; some may be of addresses that the recipient had before.
    /// </summary>
    public IReadOnlySet<string> Suppressed { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The column that says whether an address is suppressed: the source's number, or 0.</summary>
    internal static string MarkColumn(string addressHash) => MarkPrefix + addressHash;

    /// <summary>
    /// What dispatch needs to know: the profile, or that of a bare address, with the recipient's own rules; <see langword="null"/> where
    /// there is neither.
    /// </summary>
    public RecipientProfile? For(string? tenant, string recipient, AddressHashes hashes)
    {
        var isUser = RecipientProfile.OfAddress(tenant, recipient) is null;
        if (Notify.Functions.Ledger.ErasedIds.TryRead(recipient, out _) || IsBeingErased
            || (isUser && ErasedAt is not null && Profile is null))
        {
            return new RecipientProfile { Id = recipient, Tenant = tenant, IsExternal = true, IsErased = true };
        }
        if ((RecipientProfile.OfAddress(tenant, recipient) ?? Profile) is not { } profile)
        {
            return null;
        }
        var suppressed = Suppressed.Count == 0
            ? []
            : hashes.Compute(profile).Where(one => Suppressed.Contains(one.Value)).Select(one => one.Key);
        return profile with { Preferences = Preferences, Suppressed = [.. suppressed], ErasedAt = ErasedAt };
    }

    /// <summary>Reads a row.</summary>
    public static StoredRecipient From(TableRow row) => new()
    {
        Profile = row.Text(ProfileColumn) is { } profile ? JsonSerializer.Deserialize<RecipientProfile>(profile, NotifyJson.Options) : null,
        ErasedAt = row.Time(ErasedAtColumn),
        IsBeingErased = row[ErasingColumn] is true,
        Preferences = PreferenceSet.Read(row.Text(PreferencesColumn)),
        Suppressed = row.Properties.Where(column => column.Key.StartsWith(MarkPrefix, StringComparison.Ordinal) && column.Value is not 0)
            .Select(column => column.Key[MarkPrefix.Length..]).ToHashSet(StringComparer.Ordinal),
    };
}
