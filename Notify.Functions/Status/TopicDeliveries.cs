using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Topics;

namespace Notify.Functions.Status;

/// <summary>
/// Reads deliveries to topics' subscribers, in the order of topics and hashes. The list is that of today: whoever has left a topic since is
/// found under their own deliveries.
/// </summary>
public sealed class TopicDeliveries(TopicSubscribers subscribers, DeliveryTable deliveries, KeyedHashes keyedHashes)
{
    /// <summary>
    /// How many subscribers one call looks at, so that a page of few deliveries does not hold the caller; the next page goes on there.
    /// </summary>
    public const int LookedAt = 2000;

    private const int ReadsAtOnce = 16;

    /// <summary>One page, and where the next begins.</summary>
    public async Task<(IReadOnlyList<DeliveryView> Page, TopicCursor? Next)> ReadAsync(
        NotificationEvent notification, TopicCursor cursor, int take, CancellationToken cancellationToken)
    {
        var topics = notification.Topics.ToList();
        var named = notification.Named.ToHashSet(StringComparer.Ordinal);
        var page = new List<DeliveryView>();
        var looked = 0;
        var after = cursor.After;
        for (var place = (cursor.Topic * KeyedHashes.Partitions.Count)
            + cursor.Range; place < topics.Count * KeyedHashes.Partitions.Count; place++, after = null)
        {
            var (topic, range) = Math.DivRem(place, KeyedHashes.Partitions.Count);
            var stream = subscribers.RangeAsync(notification.Tenant, topics[topic], KeyedHashes.Partitions[range], after,
                cancellationToken);
            await foreach (var some in stream.Chunk(ReadsAtOnce))
            {
                if (page.Count >= take || looked >= LookedAt)
                {
                    return (page, new TopicCursor(topic, range, after));
                }
                var first = await WithoutEarlierAsync(notification, named, topics.Take(topic), some, cancellationToken);
                page.AddRange(await DeliveriesAsync(notification, first, cancellationToken));
                (looked, after) = (looked + some.Length, some[^1].Hash);
            }
        }
        return (page, null);
    }

    // Who is named too, or has subscribed to several of the topics, has one delivery, and it is shown once.
    private async Task<IReadOnlyList<string>> WithoutEarlierAsync(
        NotificationEvent notification, HashSet<string> named, IEnumerable<string> earlier, IReadOnlyList<Subscriber> some,
        CancellationToken cancellationToken)
    {
        var left = some.Select(subscriber => subscriber.Recipient).Where(recipient => !named.Contains(recipient)).ToList();
        foreach (var topic in earlier)
        {
            var there = await subscribers.OfThemAsync(notification.Tenant, topic, left, cancellationToken);
            left.RemoveAll(there.Contains);
        }
        return left;
    }

    private async Task<IReadOnlyList<DeliveryView>> DeliveriesAsync(
        NotificationEvent notification, IReadOnlyList<string> recipients, CancellationToken cancellationToken)
    {
        var ids = recipients.SelectMany(recipient =>
            notification.Channels.Select(channel => keyedHashes.Delivery(notification, recipient, channel)));
        var found = await Task.WhenAll(ids.Select(id => deliveries.FindViewAsync(id, cancellationToken)));
        return [.. found.OfType<DeliveryView>()];
    }
}
