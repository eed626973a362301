using Notify.Functions.Dispatch;

namespace Notify.LocalHost.Embedded;

/// <summary>The deduplication cache in memory. Expired entries are swept out by writes, so that it does not grow for ever.</summary>
public sealed class EmbeddedDedupCache(TimeProvider clock) : IDedupCache
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Value, DateTimeOffset ExpiresAt)> _entries = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> _byExpiry = new();

    /// <inheritdoc/>
    public Task<IReadOnlyList<string?>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(keys);
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<string?>>([.. keys.Select(k => Find(k, now))]);
        }
    }

    /// <inheritdoc/>
    public Task MarkAsync(IReadOnlyList<KeyValuePair<string, string>> entries, TimeSpan ttl, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            Sweep(now);
            foreach (var (key, value) in entries)
            {
                if (_entries.TryAdd(key, (value, now + ttl)))
                {
                    _byExpiry.Enqueue(key, now + ttl);
                }
            }
        }
        return Task.CompletedTask;
    }

    private string? Find(string key, DateTimeOffset now) =>
        _entries.TryGetValue(key, out var entry) && entry.ExpiresAt > now ? entry.Value : null;

    private void Sweep(DateTimeOffset now)
    {
        while (_byExpiry.TryPeek(out var key, out var expiresAt) && expiresAt <= now)
        {
            _byExpiry.Dequeue();
            _entries.Remove(key);
        }
    }
}
