using Notify.Bench.Prove;
using Notify.Functions.Tests.Backends;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Backends;
using Notify.LocalHost.FaultInjection;
using Xunit.Abstractions;

namespace Notify.Functions.Tests.Bench;

/// <summary>The proof itself, for a minute (ten where the full run is asked for); and that it notices a guard that is missing.</summary>
[Trait("Category", "Slow")]
public sealed class ProofTests(ITestOutputHelper output)
{
    /// <summary>A shortened run takes one whose trace is a loss and one whose trace is a second message.</summary>
    public static TheoryData<string> Broken =>
        FullRun.IsAsked ? [.. GuardRemoval.All] : [GuardRemoval.DropOutbox, GuardRemoval.IgnoreConflict];

    // What comes in after an outage is more, so that deliveries wait, come again and overtake each other; the rest of the time it is less,
    // or the backlog would only grow.
    private const double Rate = 40;

    [SkippableFact]
    public async Task Nothing_is_lost_and_nothing_is_unexplained()
    {
        var least = FullRun.IsAsked
            ? new Least(Events: 20_000, Kills: 100, DispatcherKills: 20, Outages: 20)
                : new Least(Events: 1_000, Kills: 8, DispatcherKills: 2, Outages: 3);

        var report = await RunAsync(new ProveOptions { Minutes = FullRun.IsAsked ? 10 : 1, Seed = 20261127, Least = least, Limit = Rate });

        Assert.True(report.IsProved, report.ToMarkdown());
        Assert.True(report.Kills >= least.Kills, report.ToMarkdown());
        Assert.True(report.DispatcherKills >= least.DispatcherKills, report.ToMarkdown());
        Assert.True(report.Outages >= least.Outages, report.ToMarkdown());
        Assert.True(report.PlacesLeft.Count == 0 || !FullRun.IsAsked, report.ToMarkdown());
        Assert.True(report.Events >= least.Events, report.ToMarkdown());
    }

    [SkippableTheory]
    [MemberData(nameof(Broken))]
    public async Task A_guard_that_is_missing_is_noticed(string name)
    {
        // Whom an outage or a pause finds with work in hand is chance, the more so on a busy machine: another seed, another chance.
        var seed = 7;
        var report = await RunAsync(Without(name, seed));
        while (report.IsProved && seed < 10)
        {
            report = await RunAsync(Without(name, ++seed));
        }

        // What waits in a backlog counts as lost where a run is given up, and would be found with every guard in place.
        Assert.Equal("", report.StillWaiting);
        Assert.False(report.IsProved);
        Assert.Contains(report.Findings, violation => violation.Kind == name switch
        {
            GuardRemoval.SkipAttemptRow => ViolationKind.Unexplained,
            GuardRemoval.IgnoreConflict => ViolationKind.Doubled,
            GuardRemoval.LateClaim => ViolationKind.Late,
            _ => ViolationKind.Lost,
        });
    }

    private static ProveOptions Without(string guard, int seed) =>
        new() { Minutes = 0.5, Seed = seed, Break = guard, BrokenEnding = Patience.Limit };

    private async Task<ProveReport> RunAsync(ProveOptions options)
    {
        await RealBackends.OrSkipAsync(() => BackendProcesses.Missing() is [var missing, ..]
            ? throw new BackendMissingException(missing) : Task.FromResult(true));
        await using var progress = new StringWriter();
        for (var tries = 1; ; tries++)
        {
            try
            {
                var report = await new ProveRun(options, progress).RunAsync(CancellationToken.None);
                output.WriteLine(progress.ToString());
                output.WriteLine(report.ToMarkdown());
                return report;
            }
            catch (BrokerGoneException) when (tries < 3)
            {
                // It says nothing of the service, and is a mock's own fault.
            }
        }
    }
}
