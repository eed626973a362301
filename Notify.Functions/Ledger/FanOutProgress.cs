using System.Globalization;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>
/// How far one range of a topic's subscribers is decided for an event: the row <c>f.{eventHash}.{topicHash}.{0…f}</c> beside the event's
/// head. Moved on page by page, at the version that was read, so that every page is counted once.
/// </summary>
public sealed record FanOutProgress
{
    private const string Prefix = "f.";
    private const string CountPrefix = "decided";

    /// <summary>The topic's name.</summary>
    public required string Topic { get; init; }

    /// <summary>The range.</summary>
    public required string Partition { get; init; }

    /// <summary>The hash of the last recipient that is decided; <see langword="null"/> before the first page.</summary>
    public string? After { get; init; }

    /// <summary>How many recipients are decided.</summary>
    public long Recipients { get; init; }

    /// <summary>How many deliveries came to which decision.</summary>
    public IReadOnlyDictionary<DecisionKind, long> Decided { get; init; } = new Dictionary<DecisionKind, long>();

    /// <summary>Whether the range is decided to its end.</summary>
    public bool IsDone { get; init; }

    /// <summary>The version that was read; <see langword="null"/> where there is no row yet.</summary>
    public string? ETag { get; init; }

    /// <summary>The progress after one more page.</summary>
    public FanOutProgress With(string last, int recipients, IEnumerable<Decision> decisions)
    {
        var decided = new Dictionary<DecisionKind, long>(Decided);
        foreach (var decision in decisions)
        {
            decided[decision.Kind] = decided.GetValueOrDefault(decision.Kind) + 1;
        }
        return this with { After = last, Recipients = Recipients + recipients, Decided = decided };
    }

    /// <summary>The row's key.</summary>
    public static string KeyOf(string eventHash, string topicHash, string partition) => $"{Prefix}{eventHash}.{topicHash}.{partition}";

    /// <summary>The keys of all ranges of an event.</summary>
    public static (string From, string To) RangeOf(string eventHash) => ($"{Prefix}{eventHash}.", $"{Prefix}{eventHash}.~");

    /// <summary>The row to insert or replace.</summary>
    public TableRow ToTable(string eventHash, string topicHash)
    {
        var row = new TableRow(KeyedHashes.PartitionOf(eventHash), KeyOf(eventHash, topicHash, Partition))
        {
            ["topic"] = Topic,
            ["range"] = Partition,
            ["after"] = After,
            ["recipients"] = Recipients,
            ["done"] = IsDone,
        };
        foreach (var (kind, count) in Decided)
        {
            row[CountPrefix + ((int)kind).ToString(CultureInfo.InvariantCulture)] = count;
        }
        return row;
    }

    /// <summary>Reads a row that <see cref="ToTable"/> wrote.</summary>
    public static FanOutProgress From(TableRow row) => new()
    {
        Topic = row.Text("topic")!,
        Partition = row.Text("range")!,
        After = row.Text("after"),
        Recipients = row.Number("recipients")!.Value,
        IsDone = row["done"] is true,
        ETag = row.ETag,
        Decided = Enum.GetValues<DecisionKind>()
            .Select(kind => (kind, row.Number(CountPrefix + ((int)kind).ToString(CultureInfo.InvariantCulture))))
            .Where(pair => pair.Item2 is not null)
            .ToDictionary(pair => pair.kind, pair => pair.Item2!.Value),
    };
}
