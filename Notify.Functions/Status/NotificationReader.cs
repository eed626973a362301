using System.Globalization;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Status;

/// <summary>Reads an event with its deliveries from the ledger.</summary>
public sealed class NotificationReader(
    EventHeads events, DeliveryTable deliveries, ITables tables, TopicDeliveries topics, KeyedHashes keyedHashes)
{
    private const int ReadsAtOnce = 16;

    /// <summary>
    /// The event, counts over its deliveries to named recipients, how far its topics are, and one page of deliveries;
    /// <see langword="null"/> where there is no such event.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="eventId">The event's id.</param>
    /// <param name="skip">How many deliveries to named recipients to skip.</param>
    /// <param name="take">How many deliveries to show at most.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<NotificationView?> FindAsync(string? tenant, string eventId, int skip, int take, CancellationToken cancellationToken)
    {
        if (await events.FindAsync(tenant, eventId, cancellationToken) is not { } head)
        {
            return null;
        }
        var (counts, page, total) = await NamedAsync(head, skip, take, cancellationToken);
        var next = skip + page.Count < total ? (skip + page.Count).ToString(CultureInfo.InvariantCulture)
            : head.DuplicateOf is null && head.Event.Topics.Any() ? TopicCursor.Start.ToString()
            : null;
        return await ViewAsync(head, counts, page, next, cancellationToken);
    }

    /// <summary>The same with a page of deliveries to topics' subscribers.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="eventId">The event's id.</param>
    /// <param name="cursor">Where the page begins.</param>
    /// <param name="take">How many deliveries to show, a few more at most.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<NotificationView?> FindAsync(
        string? tenant, string eventId, TopicCursor cursor, int take, CancellationToken cancellationToken)
    {
        if (await events.FindAsync(tenant, eventId, cancellationToken) is not { } head)
        {
            return null;
        }
        var (counts, _, _) = await NamedAsync(head, skip: 0, take: 0, cancellationToken);
        var (page, next) = await topics.ReadAsync(head.Event, cursor, take, cancellationToken);
        return await ViewAsync(head, counts, page, next?.ToString(), cancellationToken);
    }

    private async Task<(IReadOnlyDictionary<string, int> Counts, IReadOnlyList<DeliveryView> Page, int Total)> NamedAsync(
        EventRecord head, int skip, int take, CancellationToken cancellationToken)
    {
        var notification = head.Event;
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var page = new List<DeliveryView>();
        var index = 0;
        if (head.DuplicateOf is null)
        {
            foreach (var ids in notification.Named.SelectMany(recipient =>
                notification.Channels.Select(channel => keyedHashes.Delivery(notification, recipient, channel))).Chunk(ReadsAtOnce))
            {
                foreach (var view in (await Task.WhenAll(
                    ids.Select(id => deliveries.FindViewAsync(id, cancellationToken)))).OfType<DeliveryView>())
                {
                    counts[view.Status] = counts.GetValueOrDefault(view.Status) + 1;
                    if (index >= skip && page.Count < take)
                    {
                        page.Add(view);
                    }
                    index++;
                }
            }
        }
        return (counts, page, index);
    }

    private async Task<NotificationView> ViewAsync(
        EventRecord head, IReadOnlyDictionary<string, int> counts, IReadOnlyList<DeliveryView> page, string? next,
        CancellationToken cancellationToken)
    {
        var notification = head.Event;
        return new NotificationView
        {
            Id = notification.Id,
            Type = notification.Type.Name(),
            Priority = notification.Priority.Name(),
            CreatedAt = notification.CreatedAt,
            Category = notification.Category,
            Tenant = notification.Tenant,
            Source = new SourceView(head.Source.Topic, head.Source.Partition, head.Source.Offset),
            DuplicateOf = head.DuplicateOf,
            CancelledAt = head.CancelledAt,
            Counts = counts,
            Topics = head.DuplicateOf is null ? await ProgressAsync(notification, cancellationToken) : [],
            Deliveries = page,
            Next = next,
        };
    }

    private async Task<IReadOnlyList<TopicView>> ProgressAsync(NotificationEvent notification, CancellationToken cancellationToken)
    {
        var names = notification.Topics.ToList();
        if (names.Count == 0)
        {
            return [];
        }
        var hash = keyedHashes.EventHash(notification.Tenant, notification.Id);
        var (from, to) = FanOutProgress.RangeOf(hash);
        var ranges = await tables.QueryAsync(TableNames.Events, KeyedHashes.PartitionOf(hash), from, to, cancellationToken)
            .Select(FanOutProgress.From).ToListAsync(cancellationToken);
        return [.. names.Select(topic =>
            TopicView.From(topic, [.. ranges.Where(range => string.Equals(range.Topic, topic, StringComparison.Ordinal))]))];
    }
}
