namespace Notify.Functions.Tests.Harness;

/// <summary>How tests wait for what is to come.</summary>
internal static class Patience
{
    /// <summary>Far longer than it takes on a machine that is busy twenty times over. Only a test that fails waits so long.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    // In the full run, where one test sends to a hundred thousand: while it can be seen to go on. Below the time after which the script
    // takes a test for hung.
    private static readonly TimeSpan LimitWithProgress = FullRun.IsAsked ? 3 * Limit : Limit;

    /// <summary>A pause between two looks of which each reads a whole ledger.</summary>
    public static readonly TimeSpan ForScans = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks again and again until the test is content with what it sees, and returns that.</summary>
    /// <param name="look">Looks.</param>
    /// <param name="isContent">Whether this is what is waited for.</param>
    /// <param name="seen">Says what was seen last, for the message of the failure.</param>
    /// <param name="pause">How long it waits between two looks; a tenth of a second unless given.</param>
    public static async Task<T> UntilAsync<T>(
        Func<Task<T>> look, Func<T, bool> isContent, Func<T, string?>? seen = null, TimeSpan? pause = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        var (last, since) = ((string?)null, began);
        while (true)
        {
            var found = await look();
            if (isContent(found))
            {
                return found;
            }
            var now = seen is null ? found?.ToString() : seen(found);
            if (!string.Equals(now, last, StringComparison.Ordinal))
            {
                (last, since) = (now, TimeProvider.System.GetTimestamp());
            }
            var isWorthIt = TimeProvider.System.GetElapsedTime(since) < Limit && TimeProvider.System.GetElapsedTime(
                began) < LimitWithProgress;
            Assert.True(isWorthIt, $"Waited {TimeProvider.System.GetElapsedTime(began)} in vain. Seen last: {now}");
            await Task.Delay(pause ?? Pause);
        }
    }

    /// <summary>Looks again and again until it is so.</summary>
    public static Task UntilAsync(Func<Task<bool>> look, Func<string>? seen = null) =>
        UntilAsync(look, static isSo => isSo, _ => seen?.Invoke());
}
