using Notify.Sandbox.Common;

namespace Notify.Sandbox.Reports;

/// <summary>The reports that are still to be made, each at its time.</summary>
internal sealed class ReportSchedule(SandboxOptions options, ReportCounts counts, TimeProvider clock)
{
    private readonly DueQueue<ReportSequence> _sequences = new(clock);
    private readonly Lock _randomLock = new();
    private readonly Random _random = new(options.Seed);
    private volatile ReportSettings _settings = new();

    /// <summary>How reports are made from now on.</summary>
    public ReportSettings Settings
    {
        get => _settings;
        set => _settings = value;
    }

    /// <summary>Takes the reports of a message that has been accepted.</summary>
    public void Begin(string provider, IReadOnlyList<Report> happening)
    {
        IReadOnlyList<Report> reports;
        lock (_randomLock)
        {
            reports = Settings.Arrange(happening, _random);
        }
        if (reports.Count == 0)
        {
            return;
        }
        if (counts.Pending + reports.Count > options.MaxPendingReports)
        {
            counts.Drop(reports.Count);
            return;
        }
        counts.Planned(reports.Count);
        Continue(new ReportSequence(provider, reports));
    }

    /// <summary>Has the current report of a sequence made when its time has come.</summary>
    public void Continue(ReportSequence sequence)
    {
        var due = clock.GetUtcNow() + options.ReportInterval + Settings.Delay;
        _sequences.Add(sequence, sequence.Provider == ProviderNames.SendGrid ? EndOfWindow(due) : due);
    }

    /// <summary>Waits for sequences whose time has come and takes them.</summary>
    public Task<IReadOnlyList<ReportSequence>> TakeAsync(CancellationToken cancellationToken) => _sequences.TakeAsync(cancellationToken);

    /// <summary>Has everything made at once, because the process ends.</summary>
    public void Hurry() => _sequences.Hurry();

    /// <summary>What falls into one window is due together, and so is posted together.</summary>
    private DateTimeOffset EndOfWindow(DateTimeOffset due)
    {
        var window = Math.Max(1, options.BatchWindow.Ticks);
        return new DateTimeOffset((due.UtcTicks + window - 1) / window * window, TimeSpan.Zero);
    }
}
