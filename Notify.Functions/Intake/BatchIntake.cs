using Microsoft.AspNetCore.Http;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Templates;

namespace Notify.Functions.Intake;

/// <summary>Accepts the events of a batch, each for itself: what is wrong with one is no reason to refuse another.</summary>
public sealed class BatchIntake(EventIntake intake, TemplateRenderer templates, TimeProvider time)
{
    /// <summary>Reads every event, then publishes the valid ones; the results stand in the order of the events.</summary>
    /// <param name="events">The events' bytes.</param>
    /// <param name="traceParent">The caller's trace context, for events that have none.</param>
    /// <param name="cancellationToken">Cancels the publishing.</param>
    public async Task<IReadOnlyList<BatchResult>> AcceptAsync(IReadOnlyList<ReadOnlyMemory<byte>> events, string? traceParent, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var readings = events.Select(one => EventReader.Read(one, new EventDefaults(Guid.CreateVersion7(now).ToString("N"), now)))
            .Select(reading => reading.Event is { } read && templates.FaultsOf(read) is { Count: > 0 } faults ? new EventReading(Event: null, faults) : reading)
            .ToList();
        var valid = readings.Select(reading => reading.Event).OfType<NotificationEvent>()
            .Select(notification => notification.TraceParent is null ? notification with { TraceParent = traceParent } : notification)
            .ToList();
        var accepted = new Queue<bool>(await intake.AcceptAllAsync(valid, cancellationToken));
        return [.. readings.Select(reading => reading.Event switch
        {
            null => new BatchResult(Id: null, StatusCodes.Status400BadRequest, Problems.Errors(reading.Faults)),
            { Id: var id } => new BatchResult(id, accepted.Dequeue() ? StatusCodes.Status202Accepted : StatusCodes.Status503ServiceUnavailable),
        })];
    }
}

/// <summary>What became of one event of a batch.</summary>
/// <param name="Id">Its id, the one that was filled in where it had none; absent where it was refused.</param>
/// <param name="Status">202, 400 or 503, as the event alone would have got.</param>
/// <param name="Errors">What is wrong with it.</param>
public sealed record BatchResult(string? Id, int Status, IEnumerable<object>? Errors = null);
