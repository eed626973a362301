using Notify.Functions.Contract;

namespace Notify.Functions.Dispatch.Deduplication;

/// <summary>An event as it was read from its record.</summary>
public sealed record ArrivedEvent(NotificationEvent Event, Notify.Functions.Infrastructure.Kafka.EventPosition Source);
