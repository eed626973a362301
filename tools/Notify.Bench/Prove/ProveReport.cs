using System.Globalization;
using System.Text;
using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;

namespace Notify.Bench.Prove;

/// <summary>What a proof came to.</summary>
internal sealed class ProveReport(
    ProveOptions options, TimeSpan length, Counters counters, Observations observations, CompletionDetector completionDetector,
    IReadOnlyList<Violation> findings)
{
    // A report for people; report.json has everything.
    private const int Listed = 500;
    private static readonly JsonSerializerOptions Indented = new(NotifyJson.Options) { WriteIndented = true };

    /// <summary>What was found, by kind.</summary>
    public int Count(ViolationKind kind) => findings.Count(violation => violation.Kind == kind);

    /// <summary>Everything that was found.</summary>
    public IReadOnlyList<Violation> Findings => findings;

    /// <summary>
    /// Whether nothing was lost, nothing is unexplained, and nothing was sent twice but in the gap, and nothing too late.
    /// </summary>
    public bool IsProved =>
        findings.All(violation => violation.Kind == ViolationKind.InTheGap) && observations.Produced.Any(one => one.IsAcknowledged);

    /// <summary>What was still waiting when the run was given up; empty where nothing was, so that what is called lost is lost.</summary>
    public string StillWaiting => completionDetector.StillWaiting;

    /// <summary>Processes killed.</summary>
    public int Kills => counters.Kills.Values.Sum();

    /// <summary>Those of them that were dispatchers.</summary>
    public int DispatcherKills => counters.DispatcherKills;

    /// <summary>The named places where no process has died.</summary>
    public IReadOnlyList<string> PlacesLeft => [.. CrashPoint.All.Except(counters.Places.Keys, StringComparer.Ordinal)];

    /// <summary>Events given to the service.</summary>
    public int Events => observations.Produced.Count;

    /// <summary>Backends taken away.</summary>
    public int Outages => counters.Outages.Values.Sum();

    /// <summary>For people.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        Line($"# {(IsProved ? "Nothing lost, nothing unexplained" : "Not proved")}");
        Line($"");
        var limit = options.Limit > 0 ? FormattableString.Invariant($" --limit {options.Limit:0.##}") : "";
        var guard = options.Break is null ? "" : " --break " + options.Break;
        Line($"`prove --minutes {options.Minutes:0.##} --seed {options.Seed} --rate {options.Rate:0.##}{limit}{guard}`");
        Line($"on {Environment.ProcessorCount} cores, {length:hh\\:mm\\:ss} with the ending.");
        Line($"");
        if (completionDetector.IsGivenUp)
        {
            var late = StillWaiting.Length == 0 ? "" : $" Some of it may only be late; there waited: {StillWaiting}.";
            Line($"It did not come to an end and was given up: {observations.Missing} events not dispatched and");
            Line($"{observations.Open} deliveries not final are counted as lost.{late}");
            Line($"");
        }
        Line($"| | |");
        Line($"| --- | ---: |");
        Line($"| events given to the service | {Events} |");
        Line($"| of them acknowledged | {observations.Produced.Count(one => one.IsAcknowledged)} |");
        Line($"| deliveries in the ledger | {observations.Deliveries.Count} |");
        Line($"| messages at the providers | {observations.Messages.Count} |");
        Line($"| processes killed | {Kills} |");
        Line($"| of them by themselves, between two writes | {counters.Places.Values.Sum()} |");
        Line($"| of them dispatchers | {DispatcherKills} |");
        Line($"| senders stopped for a while (SIGSTOP) | {counters.Pauses.Values.Sum()} |");
        Line($"| backends taken away | {Outages} |");
        Line($"| **lost** | **{Count(ViolationKind.Lost)}** |");
        Line($"| **doubled** | **{Count(ViolationKind.Doubled)}** |");
        Line($"| **unexplained** | **{Count(ViolationKind.Unexplained)}** |");
        Line($"| **sent after its claim had run out** | **{Count(ViolationKind.Late)}** |");
        Line($"| doubled in the gap that no sender can close | {Count(ViolationKind.InTheGap)} |");
        Line($"");
        Counts(Line, "Deliveries", observations.Deliveries.GroupBy(one => StatusRule.Apply(one.Decision, one.Attempts).ToString()
            .ToLowerInvariant()).ToDictionary(same => same.Key, same => same.Count(), StringComparer.Ordinal));
        Counts(Line, "Processes killed", counters.Kills);
        Counts(Line, "Died at", counters.Places);
        if (PlacesLeft.Count > 0)
        {
            Line($"Named places where none has died: {string.Join(", ", PlacesLeft)}.");
            Line($"");
        }
        Counts(Line, "Backends taken away", counters.Outages);
        Counts(Line, "Other mischief", counters.Faults);
        Line($"From the event to the provider's acceptance, in seconds, with all that going on (of what was to go at once):");
        Line($"");
        Line($"| priority | deliveries | median | 95 % | longest |");
        Line($"| --- | ---: | ---: | ---: | ---: |");
        foreach (var (priority, seconds) in Latencies())
        {
            Line($"| {priority} | {seconds.Count} | {At(seconds, 0.5):0.0} | {At(seconds, 0.95):0.0} | {At(seconds, 1):0.0} |");
        }
        Show(Line);
        return text.ToString();
    }

    /// <summary>For programs.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            options.Minutes,
            options.Seed,
            options.Rate,
            options.Break,
            cores = Environment.ProcessorCount,
            seconds = length.TotalSeconds,
            proved = IsProved,
            givenUp = completionDetector.IsGivenUp,
            stillWaiting = StillWaiting,
            events = Events,
            acknowledged = observations.Produced.Count(one => one.IsAcknowledged),
            deliveries = observations.Deliveries.Count,
            messages = observations.Messages.Count,
            kills = counters.Kills,
            places = counters.Places,
            placesLeft = PlacesLeft,
            pauses = counters.Pauses,
            outages = counters.Outages,
            faults = counters.Faults,
            lost = Count(ViolationKind.Lost),
            doubled = Count(ViolationKind.Doubled),
            unexplained = Count(ViolationKind.Unexplained),
            late = Count(ViolationKind.Late),
            inTheGap = Count(ViolationKind.InTheGap),
            findings = findings.Select(violation =>
                new { kind = violation.Kind.ToString(), violation.What, violation.Delivery, violation.Timeline }),
        },
        Indented);

    private void Show(Action<FormattableString> line)
    {
        foreach (var kind in findings.GroupBy(violation => violation.Kind).OrderBy(kind => kind.Key))
        {
            line($"");
            line($"## {kind.Key}");
            line($"");
            foreach (var finding in kind.Take(Listed))
            {
                line($"- {finding.What}{(finding.Delivery is null ? "" : $": `{finding.Delivery}`")}");
                foreach (var fact in finding.Timeline ?? [])
                {
                    line($"  - {fact}");
                }
            }
            if (kind.Count() > Listed)
            {
                line($"- … and {kind.Count() - Listed} more, in report.json");
            }
        }
    }

    private static void Counts(Action<FormattableString> line, string title, IReadOnlyDictionary<string, int> counts)
    {
        var each = counts.OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} {one.Value}"));
        line($"{title}: {string.Join(", ", each)}.");
        line($"");
    }

    private IEnumerable<(string Priority, List<double> Seconds)> Latencies() => observations.Deliveries
        .Where(one => one.Decision.Decision.Kind == DecisionKind.Send && one.Decision.Members is null)
        .SelectMany(one => one.Attempts.Where(attempt => attempt.SentAt is not null).Take(1)
            .Select(attempt => (one.Decision.Priority, Seconds: (attempt.SentAt!.Value - one.Decision.Id.CreatedAt).TotalSeconds)))
        .GroupBy(one => one.Priority).OrderBy(same => same.Key)
        .Select(same => (same.Key.Name(), same.Select(one => one.Seconds).Order().ToList()));

    private static double At(List<double> sorted, double part) =>
        sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(part * sorted.Count))];
}
