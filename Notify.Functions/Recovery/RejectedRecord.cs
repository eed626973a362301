using System.Globalization;
using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Status;

namespace Notify.Functions.Recovery;

/// <summary>A record that was set aside, as its row has it.</summary>
internal sealed record RejectedRecord
{
    internal const string RetriedAtColumn = "retriedAt";
    internal const string RetriedToColumn = "retriedTo";

    /// <summary>Where it stood.</summary>
    public required EventPosition Source { get; init; }

    /// <summary>The record's own time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The code of its first fault.</summary>
    public required string Cause { get; init; }

    /// <summary>Its faults.</summary>
    public required IReadOnlyList<EventFault> Faults { get; init; }

    /// <summary>How many bytes it had.</summary>
    public required long Bytes { get; init; }

    /// <summary>The bytes that were kept: all, or the first part of a very large record.</summary>
    public required byte[] Kept { get; init; }

    /// <summary>Its headers, as far as they say something of the event.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>When it was last published again.</summary>
    public DateTimeOffset? RetriedAt { get; init; }

    /// <summary>Where it then stood.</summary>
    public string? RetriedTo { get; init; }

    /// <summary>Reads a row of the table <c>rejected</c>.</summary>
    public static RejectedRecord From(TableRow row) => new()
    {
        Source = new EventPosition(row.Text("topic")!, (int)row.Number("partition")!, row.Number("offset")!.Value),
        At = row.Time("at")!.Value,
        Cause = row.Text("cause")!,
        Faults = JsonSerializer.Deserialize<IReadOnlyList<EventFault>>(row.Text("faults")!, NotifyJson.Options)!,
        Bytes = row.Number("bytes")!.Value,
        Kept = row.Large("value") ?? [],
        Headers = row.Text(RejectedRecords.HeadersColumn) is { } headers
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(headers, NotifyJson.Options)!
            : [],
        RetriedAt = row.Time(RetriedAtColumn),
        RetriedTo = row.Text(RetriedToColumn),
    };

    /// <summary>The record for people: what is wrong with it, never what is in it.</summary>
    public RejectedView View(string id) => new(
        id, At, Cause, Describe(), new SourceView(Source.Topic, Source.Partition, Source.Offset), Bytes, RetriedAt, RetriedTo);

    private string Describe()
    {
        var first = Faults is [{ } fault, ..] ? $"{fault.Field}: {fault.Detail}" : Cause;
        return Faults.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{first} ({Faults.Count - 1} more)") : first;
    }
}

/// <summary>A rejected record as <c>GET /api/rejected</c> shows it.</summary>
/// <param name="Id">What to retry it by.</param>
/// <param name="At">The record's own time.</param>
/// <param name="Cause">The code of its first fault.</param>
/// <param name="Detail">Its first fault in a sentence.</param>
/// <param name="Source">Where it stood on the broker.</param>
/// <param name="Bytes">How many bytes it had.</param>
/// <param name="RetriedAt">When it was last published again.</param>
/// <param name="RetriedTo">Where it then stood: <c>topic/partition/offset</c>.</param>
public sealed record RejectedView(
    string Id, DateTimeOffset At, string Cause, string Detail, SourceView Source, long Bytes, DateTimeOffset? RetriedAt, string? RetriedTo);
