using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;

namespace Notify.LocalHost.Tools.EventsFile;

/// <summary>One line of the file, and where it went.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Record">The record it became.</param>
/// <param name="Event">The event, where the line can be read as one.</param>
internal sealed record EventLine(int Number, OutgoingRecord Record, NotificationEvent? Event)
{
    /// <summary>Where the broker put it.</summary>
    public required EventPosition Position { get; init; }

    /// <summary>The record that a producer would make of the line.</summary>
    public static EventLine Read(FileLine line, BrokerOptions broker, DateTimeOffset now)
    {
        var (number, value) = line;
        var notification = EventReader.Read(value, new EventDefaults(Id: null, now)).Event;
        var record = new OutgoingRecord(
            notification?.Priority.IsUrgent() == true ? broker.UrgentTopic : broker.Topic,
            notification is null ? FormattableString.Invariant($"line {number}") : notification.Recipients is [var only]
                ? only : notification.Id,
            value,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["content-type"] = "application/json" });
        return new EventLine(number, record, notification) { Position = new EventPosition(record.Topic, -1, -1) };
    }
}
