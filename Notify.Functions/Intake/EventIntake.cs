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
    IEventPublisher publisher, BackPressure pressure, Dispatcher dispatcher, IOptions<BrokerOptions> broker, TimeProvider time, ILogger<EventIntake> logger)
{
    /// <summary>How long the intake tries to dispatch urgent events by itself before it leaves that to the trigger.</summary>
    public static readonly TimeSpan OwnDispatchLimit = TimeSpan.FromMilliseconds(300);

    /// <summary>Publishes the event; an urgent one is also dispatched at once, for the trigger would gather records for up to a second.</summary>
    /// <exception cref="EventNotAcknowledgedException">The broker did not acknowledge in time.</exception>
    /// <exception cref="DispatchersBehindException">Too much is waiting on the event's topic already; nothing was published.</exception>
    public async Task AcceptAsync(NotificationEvent notification, CancellationToken cancellationToken)
    {
        var record = await PublishAsync(notification, cancellationToken);
        if (notification.Priority.IsUrgent())
        {
            await DispatchNowAsync([record]);
        }
    }

    /// <summary>
    /// Publishes many events at once and says for each, in order, whether the broker has acknowledged it; the urgent ones of those are
    /// dispatched together, within the same limit as one.
    /// </summary>
    public async Task<IReadOnlyList<bool>> AcceptAllAsync(IReadOnlyList<NotificationEvent> notifications, CancellationToken cancellationToken)
    {
        var records = await Task.WhenAll(notifications.Select(notification => TryPublishAsync(notification, cancellationToken)));
        var urgent = notifications.Zip(records).Where(pair => pair.First.Priority.IsUrgent()).Select(pair => pair.Second).OfType<IncomingRecord>().ToList();
        if (urgent.Count > 0)
        {
            await DispatchNowAsync(urgent);
        }
        return [.. records.Select(record => record is not null)];
    }

    private async Task<IncomingRecord?> TryPublishAsync(NotificationEvent notification, CancellationToken cancellationToken)
    {
        try
        {
            return await PublishAsync(notification, cancellationToken);
        }
        catch (Exception fault) when (fault is EventNotAcknowledgedException or DispatchersBehindException)
        {
            return null;
        }
    }

    private async Task<IncomingRecord> PublishAsync(NotificationEvent notification, CancellationToken cancellationToken)
    {
        var topic = notification.Priority.IsUrgent() ? broker.Value.UrgentTopic : broker.Value.Topic;
        if (pressure.IsBehind(topic))
        {
            throw new DispatchersBehindException($"Too many records wait on {topic}.");
        }
        using var span = Traces.Start("publish", ActivityKind.Producer, notification.TraceParent);
        span?.SetTag("messaging.system", "kafka").SetTag("messaging.destination.name", topic).SetTag("notify.priority", notification.Priority.Name());
        notification = notification with { TraceParent = span.TraceParentOr(notification.TraceParent) };
        var value = EventWriter.Write(notification);
        var position = await publisher.PublishAsync(EventRecords.Of(topic, notification, value), cancellationToken);
        Accepted(notification.Id, notification.Priority.Name(), position);
        return new IncomingRecord(position, notification.CreatedAt, value);
    }

    // The caller's own cancellation must not cut this short: the events are accepted already.
    private async Task DispatchNowAsync(IReadOnlyList<IncomingRecord> records)
    {
        using var limit = new CancellationTokenSource(OwnDispatchLimit, time);
        try
        {
            await dispatcher.DispatchAsync(records, limit.Token);
        }
        catch (Exception fault)
        {
            // The records are on the topic: the trigger brings them again.
            LeftToTrigger(records[0].Source, records.Count, fault.GetType().Name);
        }
    }

    [LoggerMessage(EventId = 1301, Level = LogLevel.Information, Message = "Accepted {eventId} ({priority}) at {position}")]
    private partial void Accepted(string eventId, string priority, EventPosition position);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Debug, Message = "Dispatch of {count} records from {position} on is left to the trigger ({fault})")]
    private partial void LeftToTrigger(EventPosition position, int count, string fault);
}
