using System.ComponentModel.DataAnnotations;

namespace Notify.Functions.Recipients;

/// <summary>How recipients are remembered between two looks at the table.</summary>
public sealed class RecipientsOptions
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Recipients";

    /// <summary>
    /// How long a recipient may be remembered. What is changed through the API is seen at once all the same; this bounds only what is
    /// written into the table past it.
    /// </summary>
    /// <value>Default: one minute. Zero remembers nothing.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan CacheAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many recipients an instance remembers, about 1 KiB each.</summary>
    /// <value>Default: 20,000.</value>
    [Range(100, 1_000_000)]
    public int CacheSize { get; set; } = 20_000;
}
