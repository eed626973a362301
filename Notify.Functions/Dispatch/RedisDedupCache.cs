using Notify.Functions.Hosting;
using StackExchange.Redis;

namespace Notify.Functions.Dispatch;

/// <summary>
/// Deduplication keys in Redis. Many commands of one key each rather than one of many keys: they are pipelined into one round trip just
/// the same, and a cluster may spread the keys over its slots.
/// </summary>
internal sealed class RedisDedupCache(RedisConnection redis) : IDedupCache
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<string?>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            return [];
        }
        var values = await redis.RunAsync(database => Task.WhenAll(keys.Select(key => database.StringGetAsync(key)).ToArray()), cancellationToken);
        return Array.ConvertAll(values, value => (string?)value);
    }

    /// <inheritdoc/>
    public async Task MarkAsync(IReadOnlyList<KeyValuePair<string, string>> entries, TimeSpan ttl, CancellationToken cancellationToken)
    {
        if (entries.Count > 0)
        {
            // Not reset where it is there: the first event's mark stands, with its time to live.
            await redis.RunAsync(
                database => Task.WhenAll(entries.Select(entry => database.StringSetAsync(entry.Key, entry.Value, ttl, When.NotExists)).ToArray()),
                cancellationToken);
        }
    }
}
