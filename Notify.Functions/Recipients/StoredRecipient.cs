using System.Text.Json;
using Notify.Functions.Events;
using Notify.Functions.Storage;

namespace Notify.Functions.Recipients;

/// <summary>What the row of a recipient holds. A bare address, or a recipient whose profile was deleted, may have a row without a profile.</summary>
public sealed record StoredRecipient
{
    /// <summary>The column of <see cref="Profile"/>.</summary>
    internal const string ProfileColumn = "profile";

    /// <summary>Nothing.</summary>
    public static StoredRecipient None { get; } = new();

    /// <summary>The profile, if there is one.</summary>
    public RecipientProfile? Profile { get; init; }

    /// <summary>Reads a row.</summary>
    public static StoredRecipient From(TableRow row) => new()
    {
        Profile = row.Text(ProfileColumn) is { } profile ? JsonSerializer.Deserialize<RecipientProfile>(profile, JsonText.Options) : null,
    };
}
