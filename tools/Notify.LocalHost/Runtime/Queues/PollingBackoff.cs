namespace Notify.LocalHost.Runtime.Queues;

/// <summary>How long to wait before looking at an empty queue again.</summary>
internal static class PollingBackoff
{
    /// <summary>The extension's shortest wait.</summary>
    public static readonly TimeSpan Minimum = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The wait after one of <paramref name="previous"/> that found nothing (none: the last look found something): 100 ms, doubled each
    /// time up to <paramref name="maximum"/>. Without the real one's jitter.
    /// </summary>
    public static TimeSpan Next(TimeSpan? previous, TimeSpan maximum)
    {
        var next = previous is { } last ? last * 2 : Minimum;
        return next < maximum ? next : maximum < Minimum ? Minimum : maximum;
    }
}
