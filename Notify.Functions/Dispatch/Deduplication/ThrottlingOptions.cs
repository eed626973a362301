using System.ComponentModel.DataAnnotations;

namespace Notify.Functions.Dispatch.Deduplication;

/// <summary>How much of a category a recipient gets at most. Critical events are never throttled.</summary>
public sealed class ThrottlingOptions
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Throttling";

    /// <summary>The throttles by category, for example <c>Notify__Throttling__Categories__comments__Limit</c>.</summary>
    /// <value>Default: none.</value>
    public IDictionary<string, CategoryThrottle> Categories { get; } =
        new Dictionary<string, CategoryThrottle>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// How many events of any other category, and of none, a recipient gets within <see cref="Window"/>; 0: as many as there are.
    /// </summary>
    /// <value>Default: 0. What is too much is for the producers to say.</value>
    [Range(0, CategoryThrottle.MostLimit)]
    public int Limit { get; set; }

    /// <summary>How long the sliding window of <see cref="Limit"/> is.</summary>
    /// <value>Default: one hour.</value>
    [Range(typeof(TimeSpan), CategoryThrottle.ShortestWindow, CategoryThrottle.LongestWindow)]
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The prefix of the windows in Redis.</summary>
    /// <value>Default: <c>notif:throttle:</c>.</value>
    [Required]
    public string Prefix { get; set; } = "notif:throttle:";

    /// <summary>The limit and the window of a category; a limit of 0 means none.</summary>
    public (int Limit, TimeSpan Window) LimitFor(string? category) =>
        category is not null && Categories.TryGetValue(category, out var own) ? (own.Limit, own.Window) : (Limit, Window);
}

/// <summary>How much of one category a recipient gets.</summary>
public sealed class CategoryThrottle
{
    internal const int MostLimit = 10_000;
    internal const string ShortestWindow = "00:00:01";
    internal const string LongestWindow = "31.00:00:00";

    /// <summary>How many events a recipient gets within <see cref="Window"/>; 0: as many as there are.</summary>
    /// <value>Default: 0.</value>
    [Range(0, MostLimit)]
    public int Limit { get; set; }

    /// <summary>How long the sliding window is.</summary>
    /// <value>Default: one hour.</value>
    [Range(typeof(TimeSpan), ShortestWindow, LongestWindow)]
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(1);
}
