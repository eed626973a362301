using Notify.Functions.Ledger;

namespace Notify.Functions.Status;

/// <summary>An event as <c>GET /api/notifications/{id}</c> shows it.</summary>
public sealed record NotificationView
{
    /// <summary>The event's id.</summary>
    public required string Id { get; init; }

    /// <summary>The event's type.</summary>
    public required string Type { get; init; }

    /// <summary>The event's priority.</summary>
    public required string Priority { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its category, if any.</summary>
    public string? Category { get; init; }

    /// <summary>Its tenant, if any.</summary>
    public string? Tenant { get; init; }

    /// <summary>Where it stood on the broker.</summary>
    public required SourceView Source { get; init; }

    /// <summary>The event that has the same deduplication key and came first.</summary>
    public string? DuplicateOf { get; init; }

    /// <summary>When it was cancelled.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>How many of the deliveries to named recipients are in which status.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    /// <summary>How far the event is with each of its topics; their subscribers' deliveries are not part of <see cref="Counts"/>.</summary>
    public IReadOnlyList<TopicView> Topics { get; init; } = [];

    /// <summary>One page of its deliveries: first of the recipients that are named, then of the topics' subscribers of today.</summary>
    public required IReadOnlyList<DeliveryView> Deliveries { get; init; }

    /// <summary>Where the next page begins; absent on the last.</summary>
    public string? Next { get; init; }
}

/// <summary>How far an event is with one of its topics.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Done">Whether all its subscribers are decided.</param>
/// <param name="Recipients">How many are.</param>
/// <param name="Decided">How many deliveries came to which decision: <c>send</c>, <c>batch</c>, <c>defer</c>, <c>suppress</c>,
/// <c>expire</c>, <c>cancel</c>.</param>
public sealed record TopicView(string Topic, bool Done, long Recipients, IReadOnlyDictionary<string, long> Decided)
{
    /// <summary>The sum of what is known of a topic's ranges.</summary>
    public static TopicView From(string topic, IReadOnlyCollection<FanOutProgress> ranges) => new(
        topic,
        ranges.Count(range => range.IsDone) == KeyedHashes.Partitions.Count,
        ranges.Sum(range => range.Recipients),
        new SortedDictionary<string, long>(
            ranges.SelectMany(range => range.Decided).GroupBy(pair => pair.Key)
                .ToDictionary(kind => kind.Key.ToString().ToLowerInvariant(), kind => kind.Sum(pair => pair.Value)),
            StringComparer.Ordinal));
}

/// <summary>Where a record stood on the broker.</summary>
public sealed record SourceView(string Topic, int Partition, long Offset);
