using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Reports;

/// <summary>What reports add to an attempt. Pure.</summary>
internal static class ReportProjection
{
    // Providers repeat a report within hours; a hundred of one message's opens and clicks go back far enough.
    private const int SeenReports = 100;

    /// <summary>The change that adds what is new, bound to the attempt's version; <see langword="null"/> where nothing is.</summary>
    public static AttemptRow? Apply(AttemptRow attempt, IReadOnlyList<ProviderReport> reports)
    {
        var unchanged = new AttemptRow { Id = attempt.Id, ETag = attempt.ETag };
        var change = reports.Aggregate(
            unchanged, (change, report) => KindOf(report.Fact) is { } kind
                ? Count(attempt, change, kind, report) : Once(attempt, change, report));
        return change == unchanged ? null : change;
    }

    private static AttemptRow Once(AttemptRow attempt, AttemptRow change, ProviderReport report)
    {
        if (report.ProviderMessageId is { } id)
        {
            change = change with { MessageId = change.MessageId ?? (attempt.MessageId is null ? id : null) };
        }
        var why = report.Detail ?? "reported";
        return report.Fact switch
        {
            ReportedFact.Sent when (attempt.SentAt ?? change.SentAt) is null => change with { SentAt = report.At },
            ReportedFact.Delivered when (attempt.DeliveredAt ?? change.DeliveredAt) is null => change with { DeliveredAt = report.At },
            // What the provider says takes the place of what we have guessed.
            ReportedFact.Failed when change.FailedAt is null && (attempt.FailedAt is null || attempt.IsGivenUp) =>
                change with { FailedAt = report.At, FailedReason = why },
            ReportedFact.Bounced when (attempt.BouncedAt ?? change.BouncedAt) is null =>
                change with { BouncedAt = report.At, BouncedReason = why },
            ReportedFact.Sent or ReportedFact.Delivered or ReportedFact.Failed or ReportedFact.Bounced => change,
            _ => throw new ArgumentOutOfRangeException(nameof(report), report.Fact, "Not a fact of its own."),
        };
    }

    private static AttemptRow Count(AttemptRow attempt, AttemptRow change, string kind, ProviderReport report)
    {
        // A provider that gives its reports no name is taken at its time.
        var name = Short(report.ReportId ?? string.Create(CultureInfo.InvariantCulture, $"{kind}@{report.At.ToUnixTimeMilliseconds()}"));
        var seen = change.SeenReports.Count > 0 ? change.SeenReports : attempt.SeenReports;
        if (seen.Contains(name, StringComparer.Ordinal))
        {
            return change;
        }
        var known = Find(change, kind) ?? Find(attempt, kind);
        var first = known?.FirstAt <= report.At ? known.FirstAt : report.At;
        return change with
        {
            SeenReports = [.. seen.Append(name).TakeLast(SeenReports)],
            Engagements = [.. change.Engagements.Where(one => one.Kind != kind), new Engagement(kind, first, (known?.Count ?? 0) + 1)],
        };
    }

    private static Engagement? Find(AttemptRow attempt, string kind) => attempt.Engagements.FirstOrDefault(one => one.Kind == kind);

    private static string? KindOf(ReportedFact fact) => fact switch
    {
        ReportedFact.Opened => "opened",
        ReportedFact.Clicked => "clicked",
        ReportedFact.Complained => "complained",
        ReportedFact.Unsubscribed => "unsubscribed",
        ReportedFact.Resubscribed => "resubscribed",
        _ => null,
    };

    private static string Short(string name) => Base32Hex.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));
}
