namespace Notify.Functions.Recipients;

/// <summary>Finds recipients, and keeps them.</summary>
public interface IRecipientDirectory
{
    /// <summary>The profiles of those recipients that are known, by id; external addresses are always known.</summary>
    Task<IReadOnlyDictionary<string, RecipientProfile>> FindAsync(string? tenant, IReadOnlyCollection<string> recipients, CancellationToken cancellationToken);

    /// <summary>Adds or replaces a profile; <see langword="true"/> where it was added. What else is known of the recipient stays.</summary>
    Task<bool> PutAsync(RecipientProfile profile, CancellationToken cancellationToken);

    /// <summary>
    /// Changes a profile as it stands now. The change may be asked for again where somebody else was faster; it returns
    /// <see langword="null"/> to leave everything as it is. Returns the new profile, or <see langword="null"/> where nothing was changed.
    /// </summary>
    Task<RecipientProfile?> ChangeAsync(string? tenant, string recipient, Func<RecipientProfile, RecipientProfile?> change, CancellationToken cancellationToken);

    /// <summary>One page of a tenant's profiles, in the order of their hashes. It may be empty while <c>Next</c> goes on.</summary>
    Task<RecipientPage> ListAsync(string? tenant, HashCursor cursor, CancellationToken cancellationToken);
}

/// <summary>A page of profiles.</summary>
/// <param name="Items">The profiles.</param>
/// <param name="Next">Where the next page begins; <see langword="null"/> behind the last.</param>
public sealed record RecipientPage(IReadOnlyList<RecipientProfile> Items, HashCursor? Next);
