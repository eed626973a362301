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
    public async Task<IReadOnlyList<BatchResult>> AcceptAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> events, string? traceParent, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var readings = events.Select(one =>
            Read(one, new EventDefaults(Guid.CreateVersion7(now).ToString("N"), now), traceParent)).ToList();
        var accepted = new Queue<Acceptance>(
            await intake.AcceptAllAsync([.. readings.Select(one => one.Given).OfType<Submission>()], cancellationToken));
        return [.. readings.Select(one => one.Given is null
            ? new BatchResult(Id: null, StatusCodes.Status400BadRequest, ProblemResults.Errors(one.Faults))
            : Result(accepted.Dequeue()))];
    }

    private (Submission? Given, IReadOnlyList<EventFault> Faults) Read(
        ReadOnlyMemory<byte> utf8, EventDefaults defaults, string? traceParent)
    {
        var reading = EventReader.Read(utf8, defaults);
        if (reading.Event is not { } read)
        {
            return (null, reading.Faults);
        }
        return templates.FaultsOf(read) is { Count: > 0 } faults
            ? (null, faults)
            : (Submission.Create(read.TraceParent is null ? read with { TraceParent = traceParent } : read, reading, defaults), []);
    }

    private static BatchResult Result(Acceptance one) => one switch
    {
        { Conflict: { } conflict } => new BatchResult(Id: null, StatusCodes.Status422UnprocessableEntity,
            ProblemResults.Errors([conflict])),
        { IsAcknowledged: true } => new BatchResult(one.Id, StatusCodes.Status202Accepted),
        _ => new BatchResult(one.Id, StatusCodes.Status503ServiceUnavailable),
    };
}

/// <summary>What became of one event of a batch.</summary>
/// <param name="Id">Its id, the one that was filled in where it had none, the first one's where its key was used before; absent where it
/// was refused.</param>
/// <param name="Status">202, 400, 422 or 503, as the event alone would have got.</param>
/// <param name="Errors">What is wrong with it.</param>
public sealed record BatchResult(string? Id, int Status, IEnumerable<object>? Errors = null);
