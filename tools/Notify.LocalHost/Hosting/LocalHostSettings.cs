using System.ComponentModel.DataAnnotations;

namespace Notify.LocalHost.Hosting;

/// <summary>The settings that the local host has besides the service's.</summary>
internal sealed class LocalHostSettings
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:LocalHost";

    /// <summary>The key that callers show with <c>--enableAuth</c>; without it every start makes another.</summary>
    /// <value>None.</value>
    public string? Key { get; set; }

    /// <summary>How long a queue message stays hidden when its process dies.</summary>
    /// <value>None: 10 minutes, as in the runtime.</value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan? QueueLease { get; set; }

    /// <summary>How wrong the host's clock is, for trials.</summary>
    /// <value>None: it is right.</value>
    public TimeSpan? ClockOffset { get; set; }
}
