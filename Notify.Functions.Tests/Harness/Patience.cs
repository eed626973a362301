namespace Notify.Functions.Tests.Harness;

/// <summary>How tests wait for what is to come.</summary>
internal static class Patience
{
    /// <summary>Far longer than it takes on a machine that is busy twenty times over. Only a test that fails waits so long.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>A pause between two looks of which each reads a whole ledger.</summary>
    public static readonly TimeSpan ForScans = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks again and again until the test is content with what it sees, and returns that.</summary>
    /// <param name="look">Looks.</param>
    /// <param name="isContent">Whether this is what is waited for.</param>
    /// <param name="seen">Says what was seen last, for the message of the failure.</param>
    /// <param name="pause">How long it waits between two looks; a tenth of a second unless given.</param>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> isContent, Func<T, string?>? seen = null, TimeSpan? pause = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var found = await look();
            if (isContent(found))
            {
                return found;
            }
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Limit, $"Waited {Limit} in vain. Seen last: {(seen is null ? found?.ToString() : seen(found))}");
            await Task.Delay(pause ?? Pause);
        }
    }

    /// <summary>Looks again and again until it is so.</summary>
    public static Task UntilAsync(Func<Task<bool>> look, Func<string>? seen = null) => UntilAsync(look, static isSo => isSo, _ => seen?.Invoke());
}
