using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Notify.Functions.Ledger;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Reports;

/// <summary>
/// Merges providers' reports into the attempts they are about: each fact once, whatever the order and however often. A report about
/// an attempt that is not there changes nothing: it is not ours, or erased.
/// </summary>
public sealed partial class ReportRecorder(DeliveryTable deliveries, NotifyMetrics metrics, ILogger<ReportRecorder> logger)
{
    /// <summary>
    /// Merges all reports; repeating it changes nothing more. Throws where storage is away, so that the provider calls again.
    /// </summary>
    public async Task MergeAsync(string provider, IReadOnlyList<ProviderReport> reports, CancellationToken cancellationToken)
    {
        if (reports.Count == 0)
        {
            return;
        }
        var byAttempt = new Dictionary<AttemptId, List<ProviderReport>>();
        var foreign = 0;
        foreach (var report in reports)
        {
            if (AttemptId.TryParse(report.AttemptId, out var id))
            {
                byAttempt.TryAdd(id, []);
                byAttempt[id].Add(report);
            }
            else
            {
                foreign++;
            }
        }
        foreign += await MergeRowsAsync(provider, byAttempt, cancellationToken);
        Merged(provider, reports.Count, byAttempt.Count, foreign);
    }

    private async Task<int> MergeRowsAsync(
        string provider, Dictionary<AttemptId, List<ProviderReport>> reports, CancellationToken cancellationToken)
    {
        var missing = 0;
        while (reports.Count > 0)
        {
            var rows = await deliveries.FindAttemptsAsync(reports.Keys, cancellationToken);
            missing += reports.Count - rows.Count;
            var spans = new List<Activity?>();
            var changes = new List<AttemptRow>();
            foreach (var row in rows.Values)
            {
                if (ReportProjection.Apply(row, reports[row.Id]) is { } change)
                {
                    changes.Add(change);
                    spans.Add(Begin(provider, row, reports[row.Id]));
                }
            }
            // Rows that somebody changed meanwhile are read again.
            var again = (await deliveries.MergeAttemptsAsync(changes, cancellationToken)).ToHashSet();
            spans.ForEach(span => span?.Dispose());
            Measure(provider, changes.Where(change => !again.Contains(change.Id)).SelectMany(change => reports[change.Id]));
            reports = again.ToDictionary(id => id, id => reports[id]);
        }
        return missing;
    }

    // The row has the trace, so that a provider need not carry it: who reports knows the attempt.
    private static Activity? Begin(string provider, AttemptRow row, IReadOnlyList<ProviderReport> reports)
    {
        var span = Traces.Start("report", ActivityKind.Consumer, row.TraceParent);
        return span?.SetTag("notify.provider", provider).SetTag("notify.facts",
            string.Join(' ', reports.Select(report => Word(report.Fact)).Distinct(StringComparer.Ordinal)));
    }

    private void Measure(string provider, IEnumerable<ProviderReport> reports)
    {
        foreach (var report in reports)
        {
            metrics.Reported(AttemptId.TryParse(report.AttemptId, out var id)
                ? id.Delivery.Channel : throw new InvalidOperationException("It was read before."), provider, Word(report.Fact));
        }
    }

    private static string Word(ReportedFact fact) => fact.ToString().ToLowerInvariant();

    [LoggerMessage(EventId = 4001, Level = LogLevel.Information,
        Message = "{provider}: {reports} reports on {attempts} attempts, {foreign} not ours")]
    private partial void Merged(string provider, int reports, int attempts, int foreign);
}
