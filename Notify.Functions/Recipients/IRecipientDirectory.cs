namespace Notify.Functions.Recipients;

/// <summary>Finds recipients, and keeps them.</summary>
public interface IRecipientDirectory
{
    /// <summary>The profiles of those recipients that are known, by id; external addresses are always known.</summary>
    Task<IReadOnlyDictionary<string, RecipientProfile>> FindAsync(string? tenant, IReadOnlyCollection<string> recipients, CancellationToken cancellationToken);

    /// <summary>Adds or replaces a profile.</summary>
    Task PutAsync(RecipientProfile profile, CancellationToken cancellationToken);
}
