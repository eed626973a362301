using System.ComponentModel.DataAnnotations;

namespace Notify.Functions.Sending.Throttling;

/// <summary>
/// How requests to providers are spread over time, and when a provider is left alone. How many a second:
/// <see cref="ChannelOptions.RateLimit"/>.
/// </summary>
public sealed class ResilienceOptions
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Resilience";

    /// <summary>The prefix of the providers' state in Redis.</summary>
    /// <value>Default: <c>notif:gate:</c>.</value>
    [Required]
    public string Prefix { get; set; } = "notif:gate:";

    /// <summary>
    /// Which part of a provider's rate high events have while they and others wait. What nobody waits for goes to the others; critical ones
    /// have the rest.
    /// </summary>
    /// <value>Default: 0.2.</value>
    [Range(0.01, 0.49)]
    public double HighShare { get; set; } = 0.2;

    /// <summary>The same for normal and low events.</summary>
    /// <value>Default: 0.2.</value>
    [Range(0.01, 0.49)]
    public double RestShare { get; set; } = 0.2;

    /// <summary>
    /// How long a sender waits for the rate itself, critical events twice as long; what has to wait longer goes back to its queue until
    /// then.
    /// </summary>
    /// <value>Default: 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:20")]
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The sliding window in which a provider's requests are counted.</summary>
    /// <value>Default: 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:06", "00:10:00")]
    public TimeSpan CircuitWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Of how many requests in the window the share of failed ones means something.</summary>
    /// <value>Default: 10.</value>
    [Range(1, 10_000)]
    public int CircuitMinimum { get; set; } = 10;

    /// <summary>Which share of failed requests opens the circuit.</summary>
    /// <value>Default: 0.5.</value>
    [Range(0.01, 1)]
    public double CircuitRatio { get; set; } = 0.5;

    /// <summary>How long an open circuit lets nothing through, the first time; twice as long after every probe that failed.</summary>
    /// <value>Default: 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CircuitBreak { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an open circuit lets nothing through at most.</summary>
    /// <value>Default: 2 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CircuitLongestBreak { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How many requests a half-open circuit lets through; when as many have succeeded, it closes.</summary>
    /// <value>Default: 3.</value>
    [Range(1, 100)]
    public int CircuitProbes { get; set; } = 3;
}
