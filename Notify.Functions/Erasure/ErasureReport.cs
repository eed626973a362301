using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Erasure;

/// <summary>What was erased of a recipient. It names nobody.</summary>
public sealed record ErasureReport
{
    private const string Column = "erasure";

    /// <summary>When it was asked for: what happened until then is not for the recipient any more.</summary>
    public required DateTimeOffset ErasedAt { get; init; }

    /// <summary><c>erasing</c>, <c>erased</c>, and <c>verified</c> once what was on its way has been looked for again.</summary>
    public required string State { get; init; }

    /// <summary>How many rows were deleted or made anonymous, by table; how many deliveries were stopped.</summary>
    public IReadOnlyDictionary<string, int> Counts { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Reads the report of a recipient's row; <see langword="null"/> where the recipient was never erased.</summary>
    internal static ErasureReport? From(TableRow row) =>
        row.Text(Column) is { } text ? JsonSerializer.Deserialize<ErasureReport>(text, NotifyJson.Options) : null;

    /// <summary>Puts the report, and the mark that it stands for, into a recipient's row.</summary>
    internal TableRow WriteTo(TableRow row)
    {
        row[Column] = JsonSerializer.Serialize(this, NotifyJson.Options);
        row[StoredRecipient.ErasedAtColumn] = ErasedAt;
        row[StoredRecipient.ErasingColumn] = State == Erasing;
        return row;
    }

    internal const string Erasing = "erasing";
    internal const string Erased = "erased";
    internal const string Verified = "verified";

    internal ErasureReport With(string state, ErasureCounts found) => this with
    {
        State = state,
        Counts = Counts.Keys.Union(found.All.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .ToDictionary(name => name, name => Counts.GetValueOrDefault(name) + found.All.GetValueOrDefault(name), StringComparer.Ordinal),
    };
}

/// <summary>Counts what is found.</summary>
internal sealed class ErasureCounts
{
    /// <summary>The counts so far.</summary>
    public Dictionary<string, int> All { get; } = new(StringComparer.Ordinal);

    public void Add(string what, int count = 1) => All[what] = All.GetValueOrDefault(what) + count;
}
