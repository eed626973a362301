using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Ledger;

namespace Notify.Functions.Dispatch;

/// <summary>An event as it was read from its record.</summary>
/// <param name="Event">The event.</param>
/// <param name="Record">The record.</param>
internal sealed record ArrivedEvent(NotificationEvent Event, IncomingRecord Record)
{
    /// <summary>Where it stands on the broker.</summary>
    public EventPosition Source => Record.Source;

    /// <summary>What it says.</summary>
    public required Fingerprint Fingerprint { get; init; }
}
