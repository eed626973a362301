using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Intake;

/// <summary>
/// Accepts events: puts them on their topic and waits for the acknowledgement. From then on they are not lost.
/// </summary>
public sealed partial class EventIntake(
    IEventPublisher publisher, ConsumerLagBackpressure pressure, AcceptedNames names, EventDispatcher eventDispatcher,
    IOptions<BrokerOptions> broker, TimeProvider time, ILogger<EventIntake> logger)
{
    /// <summary>How long the intake tries to dispatch urgent events by itself before it leaves that to the trigger.</summary>
    public static readonly TimeSpan OwnDispatchLimit = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Publishes the event, unless its name stands for one that says something else; an urgent one is also dispatched at once, for the
    /// trigger would gather records for up to a second.
    /// </summary>
    /// <exception cref="EventNotAcknowledgedException">The broker did not acknowledge in time.</exception>
    /// <exception cref="DispatchersBehindException">Too much is waiting on the event's topic already; nothing was published.</exception>
    internal async Task<Acceptance> AcceptAsync(Submission given, CancellationToken cancellationToken)
    {
        var topic = TopicOf(given.Event);
        if (pressure.IsBehind(topic))
        {
            throw new DispatchersBehindException($"Too many records wait on {topic}.");
        }
        var claim = (await names.ClaimAsync([given], cancellationToken))[0];
        if (claim.Conflict is not null)
        {
            return new Acceptance(claim.Event.Id, claim.Conflict, IsAcknowledged: false);
        }
        var record = await PublishAsync(claim.Event, given.StatesTime, cancellationToken);
        if (claim.Event.Priority.IsUrgent())
        {
            await DispatchNowAsync([record]);
        }
        return new Acceptance(claim.Event.Id, Conflict: null, IsAcknowledged: true);
    }

    /// <summary>
    /// Publishes many events at once and says for each, in order, what became of it; the urgent ones that the broker has acknowledged are
    /// dispatched together, within the same limit as one.
    /// </summary>
    internal async Task<IReadOnlyList<Acceptance>> AcceptAllAsync(IReadOnlyList<Submission> given, CancellationToken cancellationToken)
    {
        // Nothing is claimed for what is not taken.
        var taken = given.Where(one => !pressure.IsBehind(TopicOf(one.Event))).ToList();
        var claims = new Dictionary<Submission, Claim>(ReferenceEqualityComparer.Instance);
        foreach (var (one, claim) in taken.Zip(await names.ClaimAsync(taken, cancellationToken)))
        {
            claims[one] = claim;
        }
        var outcomes = await Task.WhenAll(given.Select(one => TryPublishAsync(one, claims.GetValueOrDefault(one), cancellationToken)));
        var urgent = outcomes.Where(one => one.Acceptance.IsAcknowledged && one.IsUrgent).Select(one => one.Record!).ToList();
        if (urgent.Count > 0)
        {
            await DispatchNowAsync(urgent);
        }
        return [.. outcomes.Select(one => one.Acceptance)];
    }

    private async Task<(Acceptance Acceptance, IncomingRecord? Record, bool IsUrgent)> TryPublishAsync(
        Submission given, Claim? claim, CancellationToken cancellationToken)
    {
        if (claim is null or { Conflict: not null })
        {
            return (new Acceptance(given.Event.Id, claim?.Conflict, IsAcknowledged: false), null, false);
        }
        try
        {
            var record = await PublishAsync(claim.Event, given.StatesTime, cancellationToken);
            return (new Acceptance(claim.Event.Id, Conflict: null, IsAcknowledged: true), record, claim.Event.Priority.IsUrgent());
        }
        catch (EventNotAcknowledgedException)
        {
            return (new Acceptance(claim.Event.Id, Conflict: null, IsAcknowledged: false), null, false);
        }
    }

    private async Task<IncomingRecord> PublishAsync(NotificationEvent notification, bool statesTime, CancellationToken cancellationToken)
    {
        var topic = TopicOf(notification);
        using var span = Traces.Start("publish", ActivityKind.Producer, notification.TraceParent);
        span?.SetTag("messaging.system", "kafka").SetTag("messaging.destination.name", topic)
            .SetTag("notify.priority", notification.Priority.Name());
        notification = notification with { TraceParent = span.TraceParentOr(notification.TraceParent) };
        var record = KafkaEventRecords.Create(topic, notification, EventWriter.Write(notification), statesTime);
        var position = await publisher.PublishAsync(record, cancellationToken);
        Accepted(notification.Id, notification.Priority.Name(), position);
        return KafkaEventRecords.Incoming(record, position, notification.CreatedAt);
    }

    private string TopicOf(NotificationEvent notification) =>
        notification.Priority.IsUrgent() ? broker.Value.UrgentTopic : broker.Value.Topic;

    // The caller's own cancellation must not cut this short: the events are accepted already.
    private async Task DispatchNowAsync(IReadOnlyList<IncomingRecord> records)
    {
        using var limit = new CancellationTokenSource(OwnDispatchLimit, time);
        try
        {
            await eventDispatcher.DispatchAsync(records, limit.Token);
        }
        catch (Exception fault)
        {
            // The records are on the topic: the trigger brings them again.
            LeftToTrigger(records[0].Source, records.Count, fault.GetType().Name);
        }
    }

    [LoggerMessage(EventId = 1301, Level = LogLevel.Information, Message = "Accepted {eventId} ({priority}) at {position}")]
    private partial void Accepted(string eventId, string priority, EventPosition position);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Debug,
        Message = "Dispatch of {count} records from {position} on is left to the trigger ({fault})")]
    private partial void LeftToTrigger(EventPosition position, int count, string fault);
}
