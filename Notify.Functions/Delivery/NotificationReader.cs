using System.Globalization;
using Notify.Functions.Events;

namespace Notify.Functions.Delivery;

/// <summary>Reads an event with its deliveries from the ledger.</summary>
public sealed class NotificationReader(Ledger ledger, Identities identities)
{
    private const int ReadsAtOnce = 16;

    /// <summary>The event, counts over all its deliveries, and one page of them; <see langword="null"/> where there is no such event.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="eventId">The event's id.</param>
    /// <param name="skip">How many deliveries to skip.</param>
    /// <param name="take">How many deliveries to show at most.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<NotificationView?> FindAsync(string? tenant, string eventId, int skip, int take, CancellationToken cancellationToken)
    {
        if (await ledger.FindHeadAsync(tenant, eventId, cancellationToken).ConfigureAwait(false) is not { } head)
        {
            return null;
        }
        var notification = head.Event;
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var page = new List<DeliveryView>();
        var index = 0;
        if (head.DuplicateOf is null)
        {
            foreach (var ids in notification.Recipients.SelectMany(recipient => notification.Channels.Select(channel => identities.Delivery(notification, recipient, channel))).Chunk(ReadsAtOnce))
            {
                foreach (var found in await Task.WhenAll(ids.Select(id => ledger.FindDeliveryAsync(id, cancellationToken))).ConfigureAwait(false))
                {
                    if (found is not { } delivery)
                    {
                        continue;
                    }
                    var view = Timeline.Of(delivery.Decision, delivery.Attempts);
                    counts[view.Status] = counts.GetValueOrDefault(view.Status) + 1;
                    if (index >= skip && page.Count < take)
                    {
                        page.Add(view);
                    }
                    index++;
                }
            }
        }
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
            Deliveries = page,
            Next = skip + page.Count < index ? (skip + page.Count).ToString(CultureInfo.InvariantCulture) : null,
        };
    }
}
