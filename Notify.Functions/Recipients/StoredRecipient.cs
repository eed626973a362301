using System.Text.Json;
using Notify.Functions.Events;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Storage;

namespace Notify.Functions.Recipients;

/// <summary>What the row of a recipient holds. A bare address, or a recipient whose profile was deleted, may have a row without a profile.</summary>
public sealed record StoredRecipient
{
    /// <summary>The column of <see cref="Profile"/>.</summary>
    internal const string ProfileColumn = "profile";

    /// <summary>The column of <see cref="Preferences"/>.</summary>
    internal const string PreferencesColumn = "preferences";

    /// <summary>Nothing.</summary>
    public static StoredRecipient None { get; } = new();

    /// <summary>The profile, if there is one.</summary>
    public RecipientProfile? Profile { get; init; }

    /// <summary>What the recipient has chosen.</summary>
    public PreferenceSet Preferences { get; init; } = PreferenceSet.None;

    /// <summary>What dispatch needs to know: the profile, or that of a bare address, with the recipient's own rules; <see langword="null"/> where there is neither.</summary>
    public RecipientProfile? For(string? tenant, string recipient) =>
        (RecipientProfile.OfAddress(tenant, recipient) ?? Profile) is { } profile ? profile with { Preferences = Preferences } : null;

    /// <summary>Reads a row.</summary>
    public static StoredRecipient From(TableRow row) => new()
    {
        Profile = row.Text(ProfileColumn) is { } profile ? JsonSerializer.Deserialize<RecipientProfile>(profile, JsonText.Options) : null,
        Preferences = PreferenceSet.Read(row.Text(PreferencesColumn)),
    };
}
