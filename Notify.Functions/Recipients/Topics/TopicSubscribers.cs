using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Recipients.Topics;

/// <summary>
/// Who has subscribed to a topic, in the table <c>topics</c>: under <c>{topicHash}.{0…f}</c> by recipientHash, so that a topic is read in
/// 16 ranges that are the ledger's partitions too; and under <c>r.{0…f}</c> by recipient, for a recipient's own list.
/// </summary>
public sealed class TopicSubscribers(ITables tables, KeyedHashes keyedHashes, TimeProvider time)
{
    private const string RecipientColumn = "recipient";
    private const string TopicColumn = "topic";
    private const string SinceColumn = "since";

    // Sorts behind every character of a hash.
    private const string Behind = "~";

    /// <summary>
    /// Subscribes many, by the one form of their addresses; whoever has subscribed already stays as they are. Safe to repeat.
    /// </summary>
    public async Task SubscribeAsync(
        string? tenant, string topic, IReadOnlyCollection<string> recipients, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow();
        var names = recipients.Select(OneForm).Distinct(StringComparer.Ordinal).Select(recipient => Name(tenant, topic, recipient))
            .OrderBy(name => name.RecipientHash, StringComparer.Ordinal).ToList();
        // The topic's own row last: once it is there, the recipient's list names the topic too.
        await tables.InsertAllAsync(TableNames.Topics, names.Select(name => name.Backward(since)), cancellationToken);
        await tables.InsertAllAsync(TableNames.Topics, names.Select(name => name.Forward(since)), cancellationToken);
        // An earlier version has kept it as it was written.
        var otherwise = recipients.Where(recipient => !string.Equals(recipient, OneForm(recipient), StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal);
        await DeleteAsync(otherwise.Select(recipient => Name(tenant, topic, recipient)), cancellationToken);
    }

    /// <summary>
    /// Ends a subscription, if there is one, also one that an earlier version has kept as the address was written. Safe to repeat.
    /// </summary>
    public Task UnsubscribeAsync(string? tenant, string topic, string recipient, CancellationToken cancellationToken) =>
        DeleteAsync(new[] { OneForm(recipient), recipient }.Distinct(StringComparer.Ordinal).Select(one => Name(tenant, topic, one)),
            cancellationToken);

    /// <summary>Those of the recipients who have subscribed.</summary>
    public async Task<IReadOnlySet<string>> OfThemAsync(
        string? tenant, string topic, IReadOnlyCollection<string> recipients, CancellationToken cancellationToken)
    {
        var keys = recipients.Select(recipient => Name(tenant, topic, recipient).Forward(default)).ToList();
        var found = await tables.ReadAllAsync(TableNames.Topics, keys, cancellationToken);
        return found.Select(row => row.Text(RecipientColumn)!).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Streams the subscribers of one of a topic's 16 ranges, in the order of their hashes, page by page.</summary>
    /// <param name="tenant">The tenant, if any.</param>
    /// <param name="topic">The topic's name.</param>
    /// <param name="partition">The range: one of <see cref="KeyedHashes.Partitions"/>.</param>
    /// <param name="after">The hash behind which to begin.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public IAsyncEnumerable<Subscriber> RangeAsync(
        string? tenant, string topic, string partition, string? after, CancellationToken cancellationToken) =>
        tables.QueryAsync(TableNames.Topics, $"{keyedHashes.TopicHash(tenant, topic)}.{partition}", BehindOf(after), Behind,
            cancellationToken)
            .Select(row => new Subscriber(row.Text(RecipientColumn)!, row.Key, row.Time(SinceColumn)!.Value));

    /// <summary>Streams the topics that a recipient has subscribed to, with their hashes, behind <paramref name="after"/>.</summary>
    public IAsyncEnumerable<Subscription> TopicsOfAsync(
        string? tenant, string recipient, string? after, CancellationToken cancellationToken)
    {
        var hash = keyedHashes.RecipientHash(tenant, recipient);
        return tables.QueryAsync(TableNames.Topics, BackwardPartition(hash), $"{hash}.{BehindOf(after)}", $"{hash}.{Behind}",
            cancellationToken)
            .Select(row => new Subscription(row.Text(TopicColumn)!, row.Key[(hash.Length + 1)..], row.Time(SinceColumn)!.Value));
    }

    private async Task DeleteAsync(IEnumerable<SubscriptionName> subscriptions, CancellationToken cancellationToken)
    {
        var names = subscriptions.ToList();
        if (names.Count > 0)
        {
            await tables.DeleteAllAsync(TableNames.Topics, [.. names.Select(name => name.Forward(default))], cancellationToken);
            await tables.DeleteAllAsync(TableNames.Topics, [.. names.Select(name => name.Backward(default))], cancellationToken);
        }
    }

    private static string OneForm(string recipient) => AddressNormalizer.Recipient(recipient) ?? recipient;

    // '!' sorts before every character of a hash, and a key with it behind the hash itself.
    private static string BehindOf(string? hash) => hash is null ? string.Empty : hash + "!";

    private static string BackwardPartition(string recipientHash) => "r." + KeyedHashes.PartitionOf(recipientHash);

    private SubscriptionName Name(string? tenant, string topic, string recipient) =>
        new(topic, recipient, keyedHashes.TopicHash(tenant, topic), keyedHashes.RecipientHash(tenant, recipient));

    private sealed record SubscriptionName(string Topic, string Recipient, string TopicHash, string RecipientHash)
    {
        public TableRow Forward(DateTimeOffset since) =>
            new($"{TopicHash}.{KeyedHashes.PartitionOf(RecipientHash)}", RecipientHash)
            {
                [RecipientColumn] = Recipient,
                [SinceColumn] = since
            };

        public TableRow Backward(DateTimeOffset since) =>
            new(BackwardPartition(RecipientHash), $"{RecipientHash}.{TopicHash}") { [TopicColumn] = Topic, [SinceColumn] = since };
    }
}

/// <summary>Somebody who has subscribed to a topic.</summary>
/// <param name="Recipient">The recipient as producers name it.</param>
/// <param name="Hash">The recipient's hash, which orders the subscribers.</param>
/// <param name="Since">Since when.</param>
public sealed record Subscriber(string Recipient, string Hash, DateTimeOffset Since);

/// <summary>A topic that somebody has subscribed to.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Hash">The topic's hash, which orders a recipient's topics.</param>
/// <param name="Since">Since when.</param>
public sealed record Subscription(string Topic, string Hash, DateTimeOffset Since);
