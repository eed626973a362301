using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Sending.DeadLetters;

/// <summary>The table of dead letters.</summary>
public sealed partial class DeadLetterBox(ITables tables, TransientFaultRetry retry, NotifyMetrics metrics, ILogger<DeadLetterBox> logger)
{
    // Ids begin with a digit or a small letter.
    private const string First = "0";
    private const string Last = "~";

    /// <summary>
    /// Keeps those of the given-up attempts that another try could help. What the provider refuses for good is no dead letter: it would be
    /// refused again. Safe to repeat.
    /// </summary>
    internal async Task AddAsync(IEnumerable<RecordedAttempt> attempts, CancellationToken cancellationToken)
    {
        var letters = attempts.Where(attempt => attempt.Row is { FailedAt: not null, FailedReason: { } reason }
            && DeliveryReasons.IsDeadLetter(reason))
            .Select(attempt => DeadLetter.From(attempt.Row.Id, attempt.Row.FailedReason!, attempt.Row.FailedAt!.Value,
                attempt.Work.Next(TimeSpan.Zero)))
            .ToList();
        if (letters.Count == 0)
        {
            return;
        }
        await retry.RunAsync(token => tables.InsertAllAsync(TableNames.DeadLetters, letters.Select(letter => letter.ToTable()), token),
            cancellationToken);
        foreach (var cause in letters.GroupBy(letter => letter.Cause, StringComparer.Ordinal))
        {
            metrics.DeadLettered(cause.Key, cause.Count());
            Added(cause.Count(), cause.Key, cause.First().Id);
        }
    }

    /// <summary>Keeps a message that nobody could handle; one that was sent again and has come back takes its place anew.</summary>
    public async Task AddAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        await retry.RunAsync(token => tables.WriteAsync(TableNames.DeadLetters, [TableWrite.Upsert(letter.ToTable())], token),
            cancellationToken);
        metrics.DeadLettered(letter.Cause, 1);
        Added(1, letter.Cause, letter.Id);
    }

    /// <summary>The letter of an id, if it is there.</summary>
    public async Task<DeadLetter?> FindAsync(string id, CancellationToken cancellationToken) =>
        DeadLetter.PartitionOf(id) is { } partition
        && await tables.GetAsync(TableNames.DeadLetters, partition, id, cancellationToken) is { } row
            ? DeadLetter.From(row)
            : null;

    /// <summary>All letters from an id on, partition by partition, never all in memory.</summary>
    /// <param name="after">The letter behind which to begin; <see langword="null"/> for the first.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async IAsyncEnumerable<DeadLetter> ReadAsync(string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var begin = after is null ? null : DeadLetter.PartitionOf(after);
        foreach (var partition in KeyedHashes.Partitions.Where(partition => string.CompareOrdinal(partition, begin) >= 0))
        {
            var from = string.Equals(partition, begin, StringComparison.Ordinal) ? after + "!" : First;
            await foreach (var row in tables.QueryAsync(TableNames.DeadLetters, partition, from, Last, cancellationToken))
            {
                yield return DeadLetter.From(row);
            }
        }
    }

    /// <summary>How many letters there are, up to <paramref name="most"/>; only their keys are read.</summary>
    public async Task<int> CountAsync(int most, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var partition in KeyedHashes.Partitions.TakeWhile(_ => count < most))
        {
            count += await tables.CountAsync(TableNames.DeadLetters, partition, First, Last, most - count, cancellationToken);
        }
        return count;
    }

    /// <summary>The first letters of a cause behind an id.</summary>
    internal ValueTask<List<DeadLetter>> OfCauseAsync(string cause, string? after, int take, CancellationToken cancellationToken) =>
        ReadAsync(after, cancellationToken).Where(letter => string.Equals(letter.Cause, cause, StringComparison.Ordinal)).Take(take)
            .ToListAsync(cancellationToken);

    /// <summary>Takes letters out that were sent again. One that was written anew meanwhile, because that came to nothing, stays.</summary>
    public Task RemoveAsync(IEnumerable<DeadLetter> letters, CancellationToken cancellationToken) => tables.DeleteUnchangedAsync(
        TableNames.DeadLetters, [.. letters.Select(letter => new TableRow(letter.Partition, letter.Id) { ETag = letter.ETag })],
        cancellationToken);

    [LoggerMessage(EventId = 2401, Level = LogLevel.Error, Message = "{count} dead letters, cause {cause} (first: {id})")]
    private partial void Added(int count, string cause, string id);
}
