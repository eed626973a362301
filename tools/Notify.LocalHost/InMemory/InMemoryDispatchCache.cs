using Notify.Functions.Dispatch.Deduplication;

namespace Notify.LocalHost.InMemory;

/// <summary>
/// Deduplication keys and throttles in memory. Expired entries are swept out by writes, so that it does not grow for ever.
/// </summary>
internal sealed class InMemoryDispatchCache(TimeProvider clock) : IDispatchCache
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Value, DateTimeOffset ExpiresAt)> _entries = new(StringComparer.Ordinal);
    // By name, when each member came in. A window of nobody stays: names are few in a process that lasts a day.
    private readonly Dictionary<string, Dictionary<string, DateTimeOffset>> _windows = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> _byExpiry = new();

    /// <inheritdoc/>
    public Task<CacheAnswer> AskAsync(
        IReadOnlyList<string> keys, IReadOnlyList<ThrottleTicket> tickets, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(tickets);
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            return Task.FromResult(new CacheAnswer([.. keys.Select(key => Find(key, now))],
                [.. tickets.Select(ticket => Admit(ticket, now))]));
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

    private bool Admit(ThrottleTicket ticket, DateTimeOffset now)
    {
        if (!_windows.TryGetValue(ticket.Key, out var window))
        {
            _windows[ticket.Key] = window = [];
        }
        foreach (var (member, _) in window.Where(taken => taken.Value <= now - ticket.Window).ToList())
        {
            window.Remove(member);
        }
        return window.ContainsKey(ticket.Member) || (window.Count < ticket.Limit && window.TryAdd(ticket.Member, now));
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
