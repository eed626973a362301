using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Dispatch;
using Notify.Functions.Events;

namespace Notify.Functions.Intake;

/// <summary>
/// Accepts an event: puts it on its topic and waits for the acknowledgement. From then on it is not lost.
/// </summary>
public sealed partial class EventIntake(
    IEventPublisher publisher, Dispatcher dispatcher, IOptions<BrokerOptions> broker, TimeProvider time, ILogger<EventIntake> logger)
{
    /// <summary>How long the intake tries to dispatch an urgent event by itself before it leaves that to the trigger.</summary>
    public static readonly TimeSpan OwnDispatchLimit = TimeSpan.FromMilliseconds(300);

    /// <summary>Publishes the event; an urgent one is also dispatched at once, for the trigger would gather records for up to a second.</summary>
    /// <exception cref="EventNotAcknowledgedException">The broker did not acknowledge in time.</exception>
    public async Task AcceptAsync(NotificationEvent notification, CancellationToken cancellationToken)
    {
        var urgent = notification.Priority.IsUrgent();
        var value = EventWriter.Write(notification);
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = "application/json",
            ["schema-version"] = "event.v1",
        };
        if (notification.TraceParent is { } trace)
        {
            headers["traceparent"] = trace;
        }
        var record = new OutgoingRecord(
            urgent ? broker.Value.UrgentTopic : broker.Value.Topic,
            notification.Recipients is [var only] ? only : notification.Id,
            value,
            headers);
        var position = await publisher.PublishAsync(record, cancellationToken).ConfigureAwait(false);
        Accepted(notification.Id, notification.Priority.Name(), position);
        if (urgent)
        {
            await DispatchNowAsync(new IncomingRecord(position, notification.CreatedAt, value)).ConfigureAwait(false);
        }
    }

    // The caller's own cancellation must not cut this short: the event is accepted already.
    private async Task DispatchNowAsync(IncomingRecord record)
    {
        using var limit = new CancellationTokenSource(OwnDispatchLimit, time);
        try
        {
            await dispatcher.DispatchAsync([record], limit.Token).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // The record is on the topic: the trigger brings it again.
            LeftToTrigger(record.Source, fault.GetType().Name);
        }
    }

    [LoggerMessage(EventId = 1301, Level = LogLevel.Information, Message = "Accepted {eventId} ({priority}) at {position}")]
    private partial void Accepted(string eventId, string priority, EventPosition position);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Debug, Message = "Dispatch of {position} is left to the trigger ({fault})")]
    private partial void LeftToTrigger(EventPosition position, string fault);
}
