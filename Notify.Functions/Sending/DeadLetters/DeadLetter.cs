using System.Security.Cryptography;
using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Sending.DeadLetters;

/// <summary>
/// A queue message that came to nothing, kept so that it can be sent again when the cause is mended: a delivery that was given up, or a
/// message that nobody could handle.
/// </summary>
public sealed record DeadLetter
{
    private const string CauseColumn = "cause";
    private const string AtColumn = "at";
    private const string DetailColumn = "detail";
    private const string QueueColumn = "queue";
    private const string MessageColumn = "message";

    // Sorts apart from the ids of attempts, which begin with a recipient's hash.
    private const string MessagePrefix = "m-";

    /// <summary>
    /// The row's key: the attempt that was given up, or <c>m-</c> and a hash of the message. The same letter again is the same row.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The version that was read.</summary>
    public string? ETag { get; init; }

    /// <summary>The row's partition.</summary>
    public required string Partition { get; init; }

    /// <summary>Why it came to nothing: groups what one repair mends.</summary>
    public required string Cause { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>More of the cause; nothing of the content.</summary>
    public string? Detail { get; init; }

    /// <summary>The queue that it belongs to.</summary>
    public required string Queue { get; init; }

    /// <summary>What to put there: of a delivery its next attempt.</summary>
    public required string Message { get; init; }

    /// <summary>The delivery that was given up.</summary>
    public string? Delivery => AttemptId.TryParse(Id, out var attempt) ? attempt.Delivery.ToString() : null;

    /// <summary>Whether it can be put on a queue again.</summary>
    public bool FitsAMessage => Encoding.UTF8.GetByteCount(Message) <= IQueues.MaxMessageBytes;

    /// <summary>The letter of a delivery: sent again, it goes out as its next attempt.</summary>
    /// <param name="attempt">The attempt that was given up.</param>
    /// <param name="cause">Why.</param>
    /// <param name="at">When.</param>
    /// <param name="next">The next attempt.</param>
    internal static DeadLetter From(AttemptId attempt, string cause, DateTimeOffset at, OutgoingDelivery next)
    {
        var (queue, message, _) = EnvelopeQueue.Pack([next]).Single();
        return new DeadLetter
        {
            Id = attempt.ToString(),
            Partition = attempt.Delivery.Partition,
            Cause = cause,
            At = at,
            Queue = queue,
            Message = message
        };
    }

    /// <summary>The letter of a message that nobody could handle.</summary>
    public static DeadLetter From(string queue, string message, string cause, string? detail, DateTimeOffset at)
    {
        var hash = Base32Hex.Encode(SHA256.HashData(Encoding.UTF8.GetBytes($"{queue} {message}")).AsSpan(0, 16));
        return new DeadLetter
        {
            Id = MessagePrefix + hash,
            Partition = KeyedHashes.PartitionOf(hash),
            Cause = cause,
            At = at,
            Detail = detail,
            Queue = queue,
            Message = message
        };
    }

    /// <summary>Where a letter lies; <see langword="null"/> for what is no id.</summary>
    public static string? PartitionOf(string id) =>
        AttemptId.TryParse(id, out var attempt) ? attempt.Delivery.Partition
        : id.StartsWith(MessagePrefix, StringComparison.Ordinal) && Base32Hex.IsValid(id.AsSpan(MessagePrefix.Length))
        && id.Length > MessagePrefix.Length ? KeyedHashes.PartitionOf(id[MessagePrefix.Length..])
        : null;

    /// <summary>The row to write.</summary>
    public TableRow ToTable()
    {
        var row = new TableRow(Partition, Id) { [CauseColumn] = Cause, [AtColumn] = At, [DetailColumn] = Detail, [QueueColumn] = Queue };
        row.SetLarge(MessageColumn, Encoding.UTF8.GetBytes(Message));
        return row;
    }

    /// <summary>Reads a row.</summary>
    public static DeadLetter From(TableRow row) => new()
    {
        Id = row.Key,
        ETag = row.ETag,
        Partition = row.Partition,
        Cause = row.Text(CauseColumn)!,
        At = row.Time(AtColumn)!.Value,
        Detail = row.Text(DetailColumn),
        Queue = row.Text(QueueColumn)!,
        Message = Encoding.UTF8.GetString(row.Large(MessageColumn)!),
    };
}
