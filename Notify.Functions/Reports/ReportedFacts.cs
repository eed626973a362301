using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Reports;

/// <summary>What reports add to an attempt's row. Pure.</summary>
internal static class ReportedFacts
{
    private const string SeenColumn = "seenReports";

    // Providers repeat a report within hours; a hundred of one message's opens and clicks go back far enough.
    private const int SeenReports = 100;

    /// <summary>The write that adds what is new, bound to the row's version; <see langword="null"/> where nothing is.</summary>
    public static TableWrite? Apply(TableRow row, IReadOnlyList<ProviderReport> reports)
    {
        var change = new TableRow(row.Partition, row.Key);
        var seen = (row.Text(SeenColumn) ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        foreach (var report in reports)
        {
            if (KindOf(report.Fact) is { } kind)
            {
                Count(row, change, kind, report, seen);
            }
            else
            {
                Once(row, change, report);
            }
        }
        return change.Properties.Count == 0 ? null : TableWrite.Merge(change, row.ETag);
    }

    private static void Once(TableRow row, TableRow change, ProviderReport report)
    {
        var (at, reason) = report.Fact switch
        {
            ReportedFact.Sent => (AttemptColumns.SentAt, null),
            ReportedFact.Delivered => (AttemptColumns.DeliveredAt, null),
            ReportedFact.Failed => (AttemptColumns.FailedAt, AttemptColumns.FailedReason),
            ReportedFact.Bounced => (AttemptColumns.BouncedAt, AttemptColumns.BouncedReason),
            _ => throw new ArgumentOutOfRangeException(nameof(report), report.Fact, "Not a fact of its own."),
        };
        if (!row.Has(at) && !change.Has(at))
        {
            change[at] = report.At;
            if (reason is not null)
            {
                change[reason] = report.Detail ?? "reported";
            }
        }
        if (report.ProviderMessageId is { } id && !row.Has(AttemptColumns.MessageId) && !change.Has(AttemptColumns.MessageId))
        {
            change[AttemptColumns.MessageId] = id;
        }
    }

    private static void Count(TableRow row, TableRow change, string kind, ProviderReport report, List<string> seen)
    {
        // A provider that gives its reports no name is taken at its time.
        var name = Short(report.ReportId ?? string.Create(CultureInfo.InvariantCulture, $"{kind}@{report.At.ToUnixTimeMilliseconds()}"));
        if (seen.Contains(name, StringComparer.Ordinal))
        {
            return;
        }
        seen.Add(name);
        change[SeenColumn] = string.Join(' ', seen.TakeLast(SeenReports));
        var (at, count) = (Engagement.AtColumn(kind), Engagement.CountColumn(kind));
        var first = change.Time(at) ?? row.Time(at);
        change[at] = first is { } known && known <= report.At ? known : report.At;
        change[count] = (int)((change.Number(count) ?? row.Number(count) ?? 0) + 1);
    }

    private static string? KindOf(ReportedFact fact) => fact switch
    {
        ReportedFact.Opened => "opened",
        ReportedFact.Clicked => "clicked",
        ReportedFact.Complained => "complained",
        ReportedFact.Unsubscribed => "unsubscribed",
        _ => null,
    };

    private static string Short(string name) => Base32Hex.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));
}
