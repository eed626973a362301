using Microsoft.Extensions.Logging;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Topics;

namespace Notify.Functions.Cancellation;

/// <summary>
/// Cancels what is not sent yet of an event: first the mark, then every delivery. Whoever dies in between leaves deliveries that are
/// cancelled and deliveries that go on; repeating it finishes it.
/// </summary>
public sealed partial class EventCancellation(
    CancellationMarks marks, DeliveryCancellation cancellation, FanOutQueue queue, TopicSubscribers subscribers, DeliveryTable deliveries,
    KeyedHashes keyedHashes, ILogger<EventCancellation> logger)
{
    private const int AtOnce = 16;

    /// <summary>Cancels, and says what was cancelled and what was too late.</summary>
    public async Task<CancellationResult> CancelAsync(CancellationScope scope, CancellationToken cancellationToken)
    {
        var marked = await marks.MarkAsync(scope, cancellationToken);
        if (marked.TooMany)
        {
            return new CancellationResult(CancellationFault.TooManyParts);
        }
        if (marked.Head is not { } head)
        {
            Marked(scope.EventId);
            return new CancellationResult(CancellationFault.None, View(scope, marked, []));
        }
        if (head.DuplicateOf is { } original)
        {
            return new CancellationResult(CancellationFault.IsDuplicate, DuplicateOf: original);
        }
        var recipients = await RecipientsAsync(head, scope, cancellationToken);
        var channels = head.Event.Channels.Where(channel => scope.Channel is null || channel == scope.Channel).ToList();
        var done = new List<CancelledDelivery>();
        foreach (var some in recipients.SelectMany(recipient => channels.Select(channel => (recipient, channel))).Chunk(AtOnce))
        {
            done.AddRange(await Task.WhenAll(some.Select(one => cancellation.CancelAsync(
                head.Event, one.recipient, keyedHashes.Delivery(head.Event, one.recipient, one.channel), cancellationToken))));
        }
        IReadOnlyList<string> topics = scope.Recipient is null ? [.. head.Event.Topics] : [];
        if (topics.Count > 0)
        {
            // As many as they are, they are cancelled in the background.
            await queue.CancelAsync(head.Event, scope.Channel, cancellationToken);
        }
        if (done.Count == 0 && (topics.Count == 0 || channels.Count == 0))
        {
            return new CancellationResult(CancellationFault.NoSuchDelivery);
        }
        var view = View(scope, marked, done) with { Topics = topics };
        Cancelled(scope.EventId, view.Cancelled, view.TooLate);
        return new CancellationResult(CancellationFault.None, view);
    }

    // Who came in by a topic is known by a decision, or by the subscription where there is no decision yet.
    private async Task<IReadOnlyList<string>> RecipientsAsync(
        EventRecord head, CancellationScope scope, CancellationToken cancellationToken)
    {
        if (scope.Recipient is not { } only)
        {
            return [.. head.Event.Named];
        }
        // An event that an earlier version accepted has the address as it was written.
        if (head.Event.Named.FirstOrDefault(named =>
            string.Equals(AddressNormalizer.Recipient(named) ?? named, only, StringComparison.Ordinal)) is { } name)
        {
            return [name];
        }
        foreach (var topic in head.Event.Topics)
        {
            if ((await subscribers.OfThemAsync(head.Event.Tenant, topic, [only], cancellationToken)).Count > 0)
            {
                return [only];
            }
        }
        var decided = head.Event.Topics.Any()
            && await deliveries.FindAsync(keyedHashes.Delivery(head.Event, only, head.Event.Channels[0]), cancellationToken) is not null;
        return decided ? [only] : [];
    }

    private static CancellationView View(CancellationScope scope, Marked marked, IReadOnlyList<CancelledDelivery> done) => new()
    {
        Id = scope.EventId,
        Tenant = scope.Tenant,
        CancelledAt = marked.CancelledAt,
        Dispatched = marked.Head is not null,
        Cancelled = done.Count(delivery => delivery.Cancelled),
        TooLate = done.Count(delivery => !delivery.Cancelled),
        Deliveries = done,
    };

    [LoggerMessage(EventId = 1401, Level = LogLevel.Information,
        Message = "Event {eventId} cancelled: {cancelled} deliveries, {tooLate} too late")]
    private partial void Cancelled(string eventId, int cancelled, int tooLate);

    [LoggerMessage(EventId = 1402, Level = LogLevel.Information,
        Message = "Event {eventId} cancelled, or a part of it, before it was dispatched")]
    private partial void Marked(string eventId);
}

/// <summary>What a cancellation came to.</summary>
/// <param name="Fault">Why nothing was done.</param>
/// <param name="View">What was done.</param>
/// <param name="DuplicateOf">The event to cancel instead.</param>
public sealed record CancellationResult(CancellationFault Fault, CancellationView? View = null, string? DuplicateOf = null);

/// <summary>Why nothing was cancelled.</summary>
public enum CancellationFault
{
    /// <summary>It was.</summary>
    None,

    /// <summary>The event does not have the recipient or the channel.</summary>
    NoSuchDelivery,

    /// <summary>The event is another one again and has no deliveries of its own.</summary>
    IsDuplicate,

    /// <summary>Too many single parts of an event that was not dispatched yet.</summary>
    TooManyParts,
}
