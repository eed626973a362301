using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Dispatch.Deduplication;

/// <summary>
/// Asks the cache what has been dispatched already, and whom a throttle spares. Deduplication here only saves work: without it, the
/// ledger's inserts find the same out. A throttle holds only while the cache is there.
/// </summary>
public sealed partial class DispatchCache(
    IDispatchCache cache, KeyedHashes keyedHashes, IOptions<DeduplicationOptions> options, IOptions<ThrottlingOptions> throttling,
    ILogger<DispatchCache> logger)
{
    // So many scripts Redis runs within a fraction of the command's time limit; a batch has more only where a thousand recipients are named
    // again and again.
    private const int TicketsOfOneTrip = 10_000;

    /// <summary>What the cache knows of these events, and of their named recipients; nothing where it is away.</summary>
    internal async Task<FastPathAnswer> AskAsync(IReadOnlyList<NotificationEvent> events, CancellationToken cancellationToken)
    {
        var answer = new FastPathAnswer();
        var asking = events.SelectMany(one => Tickets(one, one.Named)).ToList();
        await AskAsync([.. events.Select(KeyOf)], asking, answer.Throttled, values =>
        {
            foreach (var (one, value) in events.Zip(values))
            {
                // An earlier version's marks end with the id.
                if (value?.Split(' ') is [var position, var eventId, ..] parts)
                {
                    answer.Marks[one] = new DedupMark(eventId, position) { Fingerprint = Fingerprint.Parse(parts.ElementAtOrDefault(2)) };
                }
            }
        }, cancellationToken);
        return answer;
    }

    /// <summary>Whom of these recipients a throttle spares the event.</summary>
    public async Task<IReadOnlySet<string>> ThrottledAsync(
        NotificationEvent notification, IEnumerable<string> recipients, CancellationToken cancellationToken)
    {
        var throttled = new ThrottledRecipients();
        await AskAsync([], [.. Tickets(notification, recipients)], throttled, _ => { }, cancellationToken);
        return throttled.Find(notification);
    }

    private async Task AskAsync(
        IReadOnlyList<string> keys, IReadOnlyList<Asking> asking, ThrottledRecipients throttled, Action<IReadOnlyList<string?>> read,
        CancellationToken cancellationToken)
    {
        try
        {
            for (var done = 0; done == 0 || done < asking.Count; done += TicketsOfOneTrip)
            {
                var some = asking.Skip(done).Take(TicketsOfOneTrip).ToList();
                var answer = await cache.AskAsync(done == 0 ? keys : [], [.. some.Select(one => one.Ticket)], cancellationToken);
                read(answer.Values);
                foreach (var (one, admitted) in some.Zip(answer.Admitted))
                {
                    if (!admitted)
                    {
                        throttled.Add(one.Event, one.Recipient);
                    }
                }
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Away(fault.GetType().Name);
        }
    }

    // An event that is brought again, under its id or its key, asks for the place that it has.
    private IEnumerable<Asking> Tickets(NotificationEvent notification, IEnumerable<string> recipients)
    {
        var (limit, window) = throttling.Value.LimitFor(notification.Category);
        return notification.Priority == Priority.Critical || limit == 0
            ? []
            : recipients.Select(recipient => new Asking(notification, recipient, new ThrottleTicket(
                $"{throttling.Value.Prefix}{keyedHashes.RecipientHash(notification.Tenant, recipient)}.{notification.Category}",
                NameOf(notification), limit, window)));
    }

    /// <summary>Remembers that these events are completely dispatched.</summary>
    public async Task MarkAsync(IReadOnlyList<EventRecord> heads, CancellationToken cancellationToken)
    {
        // A duplicate is not remembered: its key belongs to the first.
        var entries = heads.Where(head => head.DuplicateOf is null)
            .Select(head => KeyValuePair.Create(KeyOf(head.Event), $"{head.Source} {head.Event.Id} {head.Fingerprint}".TrimEnd()))
            .ToList();
        if (entries.Count == 0)
        {
            return;
        }
        try
        {
            await cache.MarkAsync(entries, options.Value.Ttl, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Away(fault.GetType().Name);
        }
    }

    private string KeyOf(NotificationEvent notification) => options.Value.Prefix + NameOf(notification);

    // Hashed, so that no name stands in the cache and no two kinds of name can meet.
    private string NameOf(NotificationEvent notification) => notification.DeduplicationKey is { } key
        ? "k." + keyedHashes.KeyHash(notification.Tenant, key)
        : "e." + keyedHashes.EventHash(notification.Tenant, notification.Id);

    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning,
        Message = "The dedup cache is away ({fault}); the ledger decides, and nothing is throttled")]
    private partial void Away(string fault);

    private sealed record Asking(NotificationEvent Event, string Recipient, ThrottleTicket Ticket);
}

/// <summary>What the cache has answered for a batch.</summary>
internal sealed class FastPathAnswer
{
    /// <summary>The marks of those events that have one.</summary>
    public Dictionary<NotificationEvent, DedupMark> Marks { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whom a throttle spares which event.</summary>
    public ThrottledRecipients Throttled { get; } = new();
}

/// <summary>Whom a throttle spares which event.</summary>
internal sealed class ThrottledRecipients
{
    private static readonly HashSet<string> None = [];
    private readonly Dictionary<(string? Tenant, string EventId), HashSet<string>> _byEvent = [];

    /// <summary>The recipients that do not get the event.</summary>
    public IReadOnlySet<string> Find(NotificationEvent notification) =>
        _byEvent.GetValueOrDefault((notification.Tenant, notification.Id), None);

    public void Add(NotificationEvent notification, string recipient)
    {
        if (!_byEvent.TryGetValue((notification.Tenant, notification.Id), out var recipients))
        {
            _byEvent[(notification.Tenant, notification.Id)] = recipients = new HashSet<string>(StringComparer.Ordinal);
        }
        recipients.Add(recipient);
    }
}

/// <summary>What the cache remembers of an event.</summary>
/// <param name="EventId">The event that was dispatched.</param>
/// <param name="Position">Where it stood on the broker.</param>
internal sealed record DedupMark(string EventId, string Position)
{
    /// <summary>What it says, where that is known.</summary>
    public Fingerprint? Fingerprint { get; init; }
}
