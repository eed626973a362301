namespace Notify.Functions.Dispatch.Deduplication;

/// <summary>
/// The fast path of deduplication, and the throttles (Redis). The ledger is the authority: an answer that is missing, late or lost here
/// costs time or a throttle, never a delivery.
/// </summary>
public interface IDispatchCache
{
    /// <summary>
    /// Reads many keys and takes many tickets in one round trip, each in order. Throws what the backend throws: the caller goes on without
    /// it.
    /// </summary>
    Task<CacheAnswer> AskAsync(IReadOnlyList<string> keys, IReadOnlyList<ThrottleTicket> tickets, CancellationToken cancellationToken);

    /// <summary>Sets many keys in one round trip, each only where it is not there, with one time to live.</summary>
    Task MarkAsync(IReadOnlyList<KeyValuePair<string, string>> entries, TimeSpan ttl, CancellationToken cancellationToken);
}

/// <summary>A place in a sliding window that is asked for.</summary>
/// <param name="Key">The window's name.</param>
/// <param name="Member">Who asks. Who was let in once is let in again, and takes no second place.</param>
/// <param name="Limit">How many the window lets in.</param>
/// <param name="Window">For how long a place is taken.</param>
public sealed record ThrottleTicket(string Key, string Member, int Limit, TimeSpan Window);

/// <summary>What the cache has answered.</summary>
/// <param name="Values">A value for each key, <see langword="null"/> where it is not there.</param>
/// <param name="Admitted">For each ticket, whether it was let in.</param>
public sealed record CacheAnswer(IReadOnlyList<string?> Values, IReadOnlyList<bool> Admitted);
