namespace Notify.Functions.Dispatch;

/// <summary>
/// The fast path of deduplication (Redis). The ledger is the authority: an answer that is missing, late or lost here costs time, never
/// correctness.
/// </summary>
public interface IDedupCache
{
    /// <summary>
    /// Reads many keys in one round trip, in order; <see langword="null"/> where a key is not there. Throws what the backend throws: the
    /// caller goes on without it.
    /// </summary>
    Task<IReadOnlyList<string?>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>Sets many keys in one round trip, each only where it is not there, with one time to live.</summary>
    Task MarkAsync(IReadOnlyList<KeyValuePair<string, string>> entries, TimeSpan ttl, CancellationToken cancellationToken);
}
