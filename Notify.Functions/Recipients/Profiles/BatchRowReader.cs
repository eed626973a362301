using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>
/// Reads many rows whose keys are hashes. The table service reads a row by its key, or up to 1,000 in the order of their keys by one
/// operation, and nothing in between: where the wanted rows stand close together, as those of a topic's range do, they are read by ranges
/// with others among them; where they stand far apart, singly.
/// </summary>
public sealed class BatchRowReader(ITables tables, TimeProvider time)
{
    /// <summary>So many wanted rows make one operation of a range worth its bytes.</summary>
    public const int WorthARange = 20;

    private const int PageRows = 1000;

    // 40 bits, the largest number of digits whose difference a double keeps exactly.
    private const int Digits = 8;
    private static readonly TimeSpan EstimateFor = TimeSpan.FromMinutes(10);

    private Estimate? _estimate;

    /// <summary>Those of the rows that exist, in no order.</summary>
    public async Task<IReadOnlyList<TableRow>> ReadAsync(
        string table, string partition, IReadOnlyCollection<string> hashes, CancellationToken cancellationToken)
    {
        var wanted = hashes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var found = new List<TableRow>(wanted.Count);
        var done = StandClose(wanted) ? await ScanAsync(table, partition, wanted, found, cancellationToken) : 0;
        found.AddRange(await tables.ReadAllAsync(table, [.. wanted.Skip(done).Select(hash => new TableRow(partition, hash))],
            cancellationToken));
        return found;
    }

    // Reads the range for as long as it pays, and returns how many of the wanted it has passed.
    private async Task<int> ScanAsync(
        string table, string partition, List<string> wanted, List<TableRow> found, CancellationToken cancellationToken)
    {
        var (passed, rows, hits) = (0, 0, 0);
        var last = wanted[0];
        var pays = true;
        await foreach (var row in tables.QueryAsync(table, partition, wanted[0], wanted[^1] + "!", cancellationToken))
        {
            (rows, last) = (rows + 1, row.Key);
            while (string.CompareOrdinal(wanted[passed], row.Key) < 0)
            {
                passed++;
            }
            if (string.Equals(wanted[passed], row.Key, StringComparison.Ordinal))
            {
                found.Add(row);
                (passed, hits) = (passed + 1, hits + 1);
            }
            if (passed == wanted.Count)
            {
                break;
            }
            if (rows % PageRows == 0)
            {
                pays = hits >= WorthARange;
                if (!pays)
                {
                    break;
                }
                hits = 0;
            }
        }
        Remember(wanted[0], last, rows);
        // A range that was read to its end has nothing more.
        return pays ? wanted.Count : passed;
    }

    private bool StandClose(List<string> wanted)
    {
        if (wanted.Count < WorthARange)
        {
            return false;
        }
        var known = _estimate;
        return known is null || time.GetUtcNow() - known.At > EstimateFor
            || Distance(wanted[0], wanted[^1]) * known.RowsPerUnit / PageRows <= (double)wanted.Count / WorthARange;
    }

    private void Remember(string first, string last, int rows)
    {
        // Hashes are spread evenly, so that one part tells of the whole; but not a part of a few.
        if (rows >= WorthARange && Distance(first, last) is > 0 and var distance)
        {
            _estimate = new Estimate(rows / distance, time.GetUtcNow());
        }
    }

    private static double Distance(string first, string last) => Place(last) - Place(first);

    private static long Place(string hash) => Base32Hex.TryDecode(hash.AsSpan(0, Digits), out var place) ? place : 0;

    private sealed record Estimate(double RowsPerUnit, DateTimeOffset At);
}
