using Microsoft.Extensions.Logging;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Sending.DeadLetters;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// What follows from the recorded facts. The facts are written first: whoever meets them again, after a process died in between, draws
/// the same consequence again.
/// </summary>
public sealed partial class Consequences(EnvelopeQueue packer, AttemptFacts facts, DeadLetterBox deadLetters, TransientFaultRetry patient, TimeProvider time, ILogger<Consequences> logger)
{
    // Clocks differ, and a claim that has just run out may be about to record its facts.
    private static readonly TimeSpan AfterClaim = TimeSpan.FromSeconds(1);

    /// <summary>Enqueues the next attempt of what needs one, and keeps what was given up and may succeed later.</summary>
    public async Task OfFactsAsync(IReadOnlyList<RecordedAttempt> recorded, CancellationToken cancellationToken)
    {
        await EnqueueAsync(recorded.Select(Next).OfType<OutgoingDelivery>(), cancellationToken);
        await deadLetters.AddAsync(recorded, cancellationToken);
    }

    /// <summary>
    /// For attempts that somebody else claimed: an outcome's consequence is repeated, a living claim is left alone and looked at
    /// again later, an expired one is ambiguous.
    /// </summary>
    public async Task OfConflictsAsync(IReadOnlyList<ClaimConflict> conflicts, CancellationToken cancellationToken)
    {
        var outgoing = new List<OutgoingDelivery>();
        var settled = new List<RecordedAttempt>(conflicts.Count);
        foreach (var (work, found) in conflicts)
        {
            var now = time.GetUtcNow();
            if (!found.HasOutcome && found.Deadline > now)
            {
                outgoing.Add(work.Again(found.Deadline.Value - now + AfterClaim));
                continue;
            }
            var row = found;
            if (!found.HasOutcome)
            {
                Ambiguous(work.Attempt.ToString());
                row = await facts.RecordUnknownAsync(work, found, "claim_expired", cancellationToken);
            }
            if (row is not null)
            {
                settled.Add(new RecordedAttempt(work, row));
            }
        }
        await EnqueueAsync(outgoing, cancellationToken);
        await OfFactsAsync(settled, cancellationToken);
    }

    private OutgoingDelivery? Next(RecordedAttempt recorded)
    {
        // A report may have come in meanwhile that makes another attempt wrong.
        var row = recorded.Row;
        if (row.RetryDue is not { } due || row.IsAtProvider || row.FailedAt is not null)
        {
            return null;
        }
        var pause = due - time.GetUtcNow();
        return recorded.Work.Next(pause > TimeSpan.Zero ? pause : TimeSpan.Zero);
    }

    internal Task EnqueueAsync(IEnumerable<OutgoingDelivery> outgoing, CancellationToken cancellationToken)
    {
        var list = outgoing.ToList();
        return list.Count == 0 ? Task.CompletedTask : patient.RunAsync(token => packer.EnqueueAsync(list, token), cancellationToken);
    }

    [LoggerMessage(EventId = 2201, Level = LogLevel.Warning, Message = "Attempt {attempt} was claimed and never finished: whether it was sent is not known")]
    private partial void Ambiguous(string attempt);
}
