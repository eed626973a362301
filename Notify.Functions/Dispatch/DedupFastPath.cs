using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Delivery;
using Notify.Functions.Events;

namespace Notify.Functions.Dispatch;

/// <summary>
/// Asks the cache what has been dispatched already. It only saves work: without it, the ledger's inserts find the same out.
/// </summary>
public sealed partial class DedupFastPath(IDedupCache cache, Identities identities, IOptions<DeduplicationOptions> options, ILogger<DedupFastPath> logger)
{
    /// <summary>The marks of those events that have one; none where the cache is away.</summary>
    public async Task<IReadOnlyDictionary<ArrivedEvent, DedupMark>> ReadAsync(IReadOnlyList<ArrivedEvent> events, CancellationToken cancellationToken)
    {
        var marks = new Dictionary<ArrivedEvent, DedupMark>(ReferenceEqualityComparer.Instance);
        if (events.Count == 0)
        {
            return marks;
        }
        try
        {
            var values = await cache.ReadAsync([.. events.Select(one => KeyOf(one.Event))], cancellationToken).ConfigureAwait(false);
            foreach (var (one, value) in events.Zip(values))
            {
                if (value?.Split(' ', 2) is [var position, var eventId])
                {
                    marks[one] = new DedupMark(eventId, position);
                }
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Away(fault.GetType().Name);
        }
        return marks;
    }

    /// <summary>Remembers that these events are completely dispatched.</summary>
    public async Task MarkAsync(IReadOnlyList<EventHead> heads, CancellationToken cancellationToken)
    {
        // A duplicate is not remembered: its key belongs to the first.
        var entries = heads.Where(head => head.DuplicateOf is null)
            .Select(head => KeyValuePair.Create(KeyOf(head.Event), $"{head.Source} {head.Event.Id}"))
            .ToList();
        if (entries.Count == 0)
        {
            return;
        }
        try
        {
            await cache.MarkAsync(entries, options.Value.Ttl, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Away(fault.GetType().Name);
        }
    }

    // Hashed, so that no name stands in the cache and no two kinds of name can meet.
    private string KeyOf(NotificationEvent notification) => options.Value.Prefix + (notification.DeduplicationKey is { } key
        ? "k." + identities.KeyHash(notification.Tenant, key)
        : "e." + identities.EventHash(notification.Tenant, notification.Id));

    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "The dedup cache is away ({fault}); the ledger decides")]
    private partial void Away(string fault);
}

/// <summary>What the cache remembers of an event.</summary>
/// <param name="EventId">The event that was dispatched.</param>
/// <param name="Position">Where it stood on the broker.</param>
public sealed record DedupMark(string EventId, string Position);
