using Notify.Functions.Infrastructure.Redis;
using StackExchange.Redis;

namespace Notify.Functions.Dispatch.Deduplication;

/// <summary>
/// Deduplication keys and throttles in Redis. Many commands of one key each rather than one of many keys: they are pipelined into one round
/// trip just the same, and a cluster may spread the keys over its slots.
/// </summary>
internal sealed class RedisDedupCache(RedisConnection redis, TimeProvider time) : IDispatchCache
{
    private static readonly RedisScript SlidingWindow = RedisScript.Beside<RedisDedupCache>("SlidingWindow");

    /// <inheritdoc/>
    public async Task<CacheAnswer> AskAsync(
        IReadOnlyList<string> keys, IReadOnlyList<ThrottleTicket> tickets, CancellationToken cancellationToken)
    {
        if (keys.Count + tickets.Count == 0)
        {
            return new CacheAnswer([], []);
        }
        RedisValue now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return await redis.RunAsync(
            async database =>
            {
                // All are on their way before the first is awaited.
                var values = Task.WhenAll(keys.Select(key => database.StringGetAsync(key)).ToArray());
                var admitted = Task.WhenAll(tickets.Select(ticket => SlidingWindow.RunAsync(
                    database, [ticket.Key], [ticket.Member, now, (long)ticket.Window.TotalMilliseconds, ticket.Limit])).ToArray());
                return new CacheAnswer(
                    Array.ConvertAll(await values, value => (string?)value), Array.ConvertAll(await admitted, answer => (int)answer == 1));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task MarkAsync(IReadOnlyList<KeyValuePair<string, string>> entries, TimeSpan ttl, CancellationToken cancellationToken)
    {
        if (entries.Count > 0)
        {
            // Not reset where it is there: the first event's mark stands, with its time to live.
            await redis.RunAsync(
                database => Task.WhenAll(entries.Select(entry => database.StringSetAsync(entry.Key, entry.Value, ttl, When.NotExists))
                    .ToArray()),
                cancellationToken);
        }
    }
}
