using Microsoft.Extensions.Logging;
using Notify.Functions.Ledger;

namespace Notify.Functions.Reports;

/// <summary>Finds the attempts that reports name by their UUID only: among the rows that begin as it says, newest first.</summary>
public sealed partial class AttemptLookup(DeliveryTable deliveries, ILogger<AttemptLookup> logger)
{
    /// <summary>How many rows of a recipient are looked through; who has more than that has had them for long.</summary>
    internal const int MostRows = 20_000;

    /// <summary>
    /// The reports, with attempt ids as far as the attempts are there. Throws where storage is away, so that the provider calls again.
    /// </summary>
    public async Task<IReadOnlyList<ProviderReport>> NameAsync(IReadOnlyList<ProviderReport> reports, CancellationToken cancellationToken)
    {
        var wanted = reports.Where(report => report.AttemptId is null).Select(report => report.AttemptUuid).OfType<Guid>().ToHashSet();
        if (wanted.Count == 0)
        {
            return reports;
        }
        var found = new Dictionary<Guid, string>();
        foreach (var recipient in wanted.GroupBy(AttemptUuid.RowPrefix, StringComparer.Ordinal))
        {
            await FindAsync(recipient.Key, [.. recipient], found, cancellationToken);
        }
        return [.. reports.Select(report => report is { AttemptId: null, AttemptUuid: { } uuid } && found.TryGetValue(uuid, out var id)
            ? report with { AttemptId = id } : report)];
    }

    private async Task FindAsync(string prefix, HashSet<Guid> wanted, Dictionary<Guid, string> found, CancellationToken cancellationToken)
    {
        var rows = 0;
        await foreach (var attempt in deliveries.NamesAsync(prefix, cancellationToken))
        {
            if (attempt.Number > 0 && AttemptUuid.Derive(attempt) is var uuid && wanted.Remove(uuid))
            {
                found[uuid] = attempt.ToString();
            }
            if (wanted.Count == 0)
            {
                return;
            }
            if (++rows == MostRows)
            {
                TooMany(rows);
                return;
            }
        }
    }

    [LoggerMessage(EventId = 4301, Level = LogLevel.Warning,
        Message = "A reported attempt is not among the {rows} newest rows of its recipient")]
    private partial void TooMany(int rows);
}
