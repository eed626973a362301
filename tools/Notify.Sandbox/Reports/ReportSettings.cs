using Notify.Sandbox.Common;

namespace Notify.Sandbox.Reports;

/// <summary>How reports are made, as set by <c>PUT /sandbox/webhooks</c>. Applies to messages accepted from then on.</summary>
internal sealed record ReportSettings
{
    /// <summary>Whether there are any.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How many times more each report is made.</summary>
    public int Duplicates { get; init; }

    /// <summary>Whether a message's reports come in another order than they happened.</summary>
    public bool OutOfOrder { get; init; }

    /// <summary>Waits before the first report, and between two, on top of <see cref="SandboxOptions.ReportInterval"/>.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The kinds that are made; all where it is empty.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Where all but Twilio's go; see <see cref="SandboxOptions.CallbackBase"/>.</summary>
    public string? CallbackBase { get; init; }

    /// <summary>The reports that are really made of those that happen, in that order.</summary>
    public IReadOnlyList<Report> Arrange(IReadOnlyList<Report> reports, Random random)
    {
        if (!Enabled)
        {
            return [];
        }
        var wanted = reports
            .Where(r => Only.Count == 0 || Only.Contains(r.Kind))
            .SelectMany(r => Enumerable.Repeat(r, 1 + Duplicates))
            .ToArray();
        return OutOfOrder ? Shuffle(wanted, random) : wanted;
    }

    /// <summary>Never the order in which they came, where another one is possible.</summary>
    private static Report[] Shuffle(Report[] reports, Random random)
    {
        if (reports.Distinct().Count() < 2)
        {
            return reports;
        }
        var shuffled = reports.ToArray();
        do
        {
            random.Shuffle(shuffled);
        }
        while (shuffled.SequenceEqual(reports));
        return shuffled;
    }
}
