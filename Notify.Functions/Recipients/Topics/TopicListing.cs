using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Recipients.Topics;

/// <summary>Pages through a topic's subscribers and a recipient's topics.</summary>
public sealed class TopicListing(TopicSubscribers subscribers)
{
    private const int PageSize = 100;

    /// <summary>Whether a page of a recipient's topics can begin there.</summary>
    public static bool IsTopicCursor(string? cursor) =>
        cursor is null || (cursor.Length == KeyedHashes.EventHashLength && Base32Hex.IsValid(cursor));

    /// <summary>One page of a topic's subscribers.</summary>
    public async Task<object> SubscribersAsync(string? tenant, string topic, HashCursor cursor, CancellationToken cancellationToken)
    {
        var items = new List<SubscriberView>(PageSize);
        var (range, after) = (cursor.Range, cursor.After);
        for (; range < KeyedHashes.Partitions.Count; (range, after) = (range + 1, null))
        {
            await foreach (var one in subscribers.RangeAsync(tenant, topic, KeyedHashes.Partitions[range], after, cancellationToken))
            {
                if (items.Count == PageSize)
                {
                    return new { items, next = new HashCursor(range, after).ToString() };
                }
                items.Add(new SubscriberView(one.Recipient, one.Since));
                after = one.Hash;
            }
        }
        return new { items, next = (string?)null };
    }

    /// <summary>One page of a recipient's topics.</summary>
    public async Task<object> TopicsAsync(string? tenant, string recipient, string? after, CancellationToken cancellationToken)
    {
        var page = await subscribers.TopicsOfAsync(tenant, recipient, after, cancellationToken).Take(PageSize + 1)
            .ToListAsync(cancellationToken);
        var items = page.Take(PageSize).Select(one => new { topic = one.Topic, since = one.Since });
        return new { items, next = page.Count > PageSize ? page[PageSize - 1].Hash : null };
    }

    private sealed record SubscriberView(string Recipient, DateTimeOffset Since);
}
