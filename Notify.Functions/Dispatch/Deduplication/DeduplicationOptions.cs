using System.ComponentModel.DataAnnotations;

namespace Notify.Functions.Dispatch.Deduplication;

/// <summary>How long, and under which names, events are remembered.</summary>
public sealed class DeduplicationOptions
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Deduplication";

    /// <summary>For how long a deduplication key belongs to its first event.</summary>
    /// <value>Default: 24 hours.</value>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Ttl { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The prefix of the keys in Redis.</summary>
    /// <value>Default: <c>notif:dedup:</c>.</value>
    [Required]
    public string Prefix { get; set; } = "notif:dedup:";
}
