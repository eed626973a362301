namespace Notify.Functions.Sending.Throttling;

/// <summary>The settings of a gate in microseconds and thousandths: whole numbers, with which a script in Redis and this process reckon alike.</summary>
internal sealed class GateTerms(ResilienceOptions options)
{
    // Together with what a request may be late (Pace), and what is on its way, no second sees more than twice the rate.
    private static readonly TimeSpan DepthOfBucket = TimeSpan.FromMilliseconds(250);

    // A claim lives 75 s; who has not answered by then has died.
    private static readonly TimeSpan LifeOfProbe = TimeSpan.FromSeconds(75);

    /// <summary>The parts of the circuit's window, which slides by one of them.</summary>
    public const int Buckets = 6;

    /// <summary>The least that a rate is lowered to, in thousandths.</summary>
    public const int LeastFactor = 100;

    /// <summary>By how many thousandths a lowered rate recovers in a second.</summary>
    public const int Recovery = 10;

    /// <summary>The longest pause that a provider gets for the asking.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    public long Depth { get; } = Microseconds(DepthOfBucket);

    public long Horizon { get; } = Microseconds(options.LongestWait);

    public long Probes { get; } = options.CircuitProbes;

    public long ProbeLife { get; } = Microseconds(LifeOfProbe);

    public long BucketLength { get; } = Microseconds(options.CircuitWindow) / Buckets;

    public long Minimum { get; } = options.CircuitMinimum;

    public long Ratio { get; } = (long)(options.CircuitRatio * 1000);

    public long Break { get; } = Microseconds(options.CircuitBreak);

    public long LongestBreak { get; } = Microseconds(options.CircuitLongestBreak);

    public static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    public static TimeSpan Time(long microseconds) => TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>The time between two requests of a lane; 0 where there is no limit.</summary>
    public long Interval(double rate, bool urgent) =>
        rate <= 0 ? 0 : (long)(1_000_000 / (rate * (urgent ? options.UrgentShare : 1 - options.UrgentShare)));
}
