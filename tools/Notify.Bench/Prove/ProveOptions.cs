using System.Security.Cryptography;

namespace Notify.Bench.Prove;

/// <summary>What the command line asks for.</summary>
internal sealed record ProveOptions
{
    public double Minutes { get; init; } = 10;

    public int Seed { get; init; } = RandomNumberGenerator.GetInt32(1, 1_000_000);

    public double Rate { get; init; } = 36;

    /// <summary>How many requests a second each provider is to get; 0: as many as there are.</summary>
    public double Limit { get; init; }

    public string Report { get; init; } = ".";

    public string? Break { get; init; }

    /// <summary>What has to have happened before the going wrong ends, where a busy machine needs more than the minutes for it.</summary>
    public Least? Least { get; init; }

    /// <summary>After how long a run with a guard taken away is given up though things change: it may come to no end.</summary>
    public TimeSpan BrokenEnding { get; init; } = TimeSpan.FromSeconds(80);

    /// <summary>
    /// How far ahead "later" is: for the whole run no clock that is right sees it come near, or it would be put into a queue and wait there
    /// out of anybody's reach. A timer whose clock is ahead releases it.
    /// </summary>
    public TimeSpan Later => TimeSpan.FromMinutes(Minutes + 60);

    /// <summary>How far ahead the clock is of a timer that finds due what is due later.</summary>
    public TimeSpan Ahead => Later + TimeSpan.FromMinutes(1);
}

/// <summary>The least that a run is worth something with.</summary>
/// <param name="Events">Events given to the service.</param>
/// <param name="Kills">Processes killed.</param>
/// <param name="DispatcherKills">Of them dispatchers.</param>
/// <param name="Outages">Backends taken away.</param>
internal sealed record Least(int Events, int Kills, int DispatcherKills, int Outages)
{
    /// <summary>Far less than "later" is ahead.</summary>
    public static TimeSpan LongestDelay { get; } = TimeSpan.FromMinutes(40);

    public bool IsReached(Counters counters, int events) =>
        events >= Events && counters.Kills.Values.Sum() >= Kills && counters.DispatcherKills >= DispatcherKills
        && counters.Outages.Values.Sum() >= Outages;
}
