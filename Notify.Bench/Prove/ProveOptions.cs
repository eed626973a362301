using System.Security.Cryptography;

namespace Notify.Bench.Prove;

/// <summary>What the command line asks for.</summary>
internal sealed record ProveOptions
{
    public double Minutes { get; init; } = 10;

    public int Seed { get; init; } = RandomNumberGenerator.GetInt32(1, 1_000_000);

    public double Rate { get; init; } = 36;

    public string Report { get; init; } = ".";

    public string? Break { get; init; }

    /// <summary>
    /// How far ahead "later" is: for the whole run no clock that is right sees it come near, or it would be put into a queue and wait there out of anybody's reach. A timer whose clock is ahead releases it.
    /// </summary>
    public TimeSpan Later => TimeSpan.FromMinutes(Minutes + 60);

    /// <summary>How far ahead the clock is of a timer that finds due what is due later.</summary>
    public TimeSpan Ahead => Later + TimeSpan.FromMinutes(1);
}
