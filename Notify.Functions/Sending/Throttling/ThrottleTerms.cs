namespace Notify.Functions.Sending.Throttling;

/// <summary>
/// The settings of a gate in microseconds and thousandths: whole numbers, with which a script in Redis and this process reckon alike.
/// </summary>
internal sealed class ThrottleTerms(ResilienceOptions options)
{
    // With what is on its way, no second sees more than twice the rate.
    private static readonly TimeSpan DepthOfBucket = TimeSpan.FromMilliseconds(500);

    // Who waits asks at least four times a second; one that does not has died.
    private static readonly TimeSpan LifeOfTicket = TimeSpan.FromMilliseconds(1500);

    // For so long nothing may flow while those who are planned have been cancelled. A longer plan spares bulk the way through the queue.
    private static readonly TimeSpan FarthestUrgentPlan = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FarthestPlan = TimeSpan.FromMinutes(5);

    // A claim lives 75 s; who has not answered by then has died.
    private static readonly TimeSpan LifeOfProbe = TimeSpan.FromSeconds(75);

    /// <summary>One request, in the unit of tokens.</summary>
    public const long Token = 1_000_000;

    /// <summary>How many <see cref="RateClass"/>es there are.</summary>
    public const int Classes = 3;

    /// <summary>The parts of the circuit's window, which slides by one of them.</summary>
    public const int Buckets = 6;

    /// <summary>The least that a rate is lowered to, in thousandths.</summary>
    public const int LeastFactor = 100;

    /// <summary>By how many thousandths a lowered rate recovers in a second.</summary>
    public const int Recovery = 10;

    /// <summary>The longest pause that a provider gets for the asking.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    public long Depth { get; } = Microseconds(DepthOfBucket);

    public long Patience { get; } = Microseconds(options.LongestWait);

    public long FarUrgent { get; } = Microseconds(FarthestUrgentPlan);

    public long FarRest { get; } = Microseconds(FarthestPlan);

    public long TicketLife { get; } = Microseconds(LifeOfTicket);

    /// <summary>The classes' shares in thousandths, critical first; together 1000.</summary>
    public IReadOnlyList<long> Shares { get; } =
        [1000 - Thousandths(options.HighShare) - Thousandths(options.RestShare), Thousandths(options.HighShare),
            Thousandths(options.RestShare)];

    public long Probes { get; } = options.CircuitProbes;

    public long ProbeLife { get; } = Microseconds(LifeOfProbe);

    public long BucketLength { get; } = Microseconds(options.CircuitWindow) / Buckets;

    public long Minimum { get; } = options.CircuitMinimum;

    public long Ratio { get; } = (long)(options.CircuitRatio * 1000);

    public long Break { get; } = Microseconds(options.CircuitBreak);

    public long LongestBreak { get; } = Microseconds(options.CircuitLongestBreak);

    public static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    public static TimeSpan Time(long microseconds) => TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>A rate, or a share, in thousandths; what is more than none is at least one.</summary>
    public static long Thousandths(double value) => value <= 0 ? 0 : Math.Max(1, (long)Math.Round(value * 1000));
}
