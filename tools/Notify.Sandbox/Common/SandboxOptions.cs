using System.ComponentModel.DataAnnotations;

namespace Notify.Sandbox.Common;

/// <summary>How the provider sandbox behaves. What a test changes while it runs (faults, reports) is set over HTTP instead.</summary>
internal sealed class SandboxOptions
{
    /// <summary>The port of a sandbox in a process of its own; 0 takes a free one. Without meaning inside another host.</summary>
    /// <value>Default 7079.</value>
    [Range(0, 65535)]
    public int Port { get; set; } = 7079;

    /// <summary>
    /// Where <c>/api/webhooks/{provider}</c> is called, such as <c>http://localhost:7071</c>. Without it: what a StatusCallback of Twilio
    /// names, else the host that the sandbox runs in (where it runs in one).
    /// </summary>
    public string? CallbackBase { get; set; }

    /// <summary>Whether the host that the sandbox runs in also serves the webhooks, so that it can be called without a setting.</summary>
    /// <value>Default true; a sandbox in a process of its own sets it to false.</value>
    public bool HostServesWebhooks { get; set; } = true;

    /// <summary>How many messages are kept; over it the oldest go, and a counter says how many.</summary>
    /// <value>Default 200,000.</value>
    [Range(1, 10_000_000)]
    public int MaxMessages { get; set; } = 200_000;

    /// <summary>The seed of what is random: faults with a probability, and shuffled reports.</summary>
    /// <value>Default 1.</value>
    public int Seed { get; set; } = 1;

    /// <summary>The time from acceptance to the first report of a message, and from one report to the next.</summary>
    /// <value>Default 50 ms; real providers take seconds.</value>
    public TimeSpan ReportInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long SendGrid's events are gathered before they are posted together.</summary>
    /// <value>Default 100 ms; the real one gathers for seconds.</value>
    public TimeSpan BatchWindow { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many of SendGrid's events one post carries at most.</summary>
    /// <value>Default 500.</value>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 500;

    /// <summary>How many webhook calls run at the same time.</summary>
    /// <value>Default 8.</value>
    [Range(1, 256)]
    public int CallbackWorkers { get; set; } = 8;

    /// <summary>How many reports may wait; over it new ones are dropped and counted.</summary>
    /// <value>Default 500,000.</value>
    [Range(1, 10_000_000)]
    public int MaxPendingReports { get; set; } = 500_000;

    /// <summary>After this a webhook call that has not been answered has failed.</summary>
    /// <value>Default 10 s.</value>
    public TimeSpan CallbackTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait before a failed call is made again; it doubles up to <see cref="LongestRetryDelay"/>.</summary>
    /// <value>Default 250 ms.</value>
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait between two tries of a call.</summary>
    /// <value>Default 15 s.</value>
    public TimeSpan LongestRetryDelay { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a failing call is tried before it is given up.</summary>
    /// <value>Default 10 minutes; SendGrid tries for 24 hours.</value>
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a shutdown waits for reports that are still to be made.</summary>
    /// <value>Default 5 s.</value>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The keys and names that the sandbox checks requests with and signs reports with.</summary>
    /// <value>By default generated once per process.</value>
    public SandboxCredentials Credentials { get; set; } = SandboxCredentials.OfThisProcess;
}
