namespace Notify.LocalHost.Runtime;

/// <summary>Waiting that ends quietly.</summary>
internal static class Wait
{
    /// <summary>Waits for a time; <see langword="false"/> where the token ended it before.</summary>
    public static async Task<bool> ForAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(time, clock, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>100 ms, doubled for every failure in a row, at most 10 s: the waits between tries of a backend that is away.</summary>
    public static TimeSpan AfterFailures(int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(100 * Math.Pow(2, Math.Min(failures - 1, 20)), 10_000));
}
