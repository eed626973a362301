using Notify.LocalHost.Runtime.Queues;

namespace Notify.Functions.Tests.LocalHost.Runtime;

public sealed class PollingBackoffTests
{
    [Theory]
    [InlineData(60_000, new[] { 100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000 })]
    [InlineData(200, new[] { 100, 200, 200 })]
    [InlineData(100, new[] { 100, 100, 100 })]
    [InlineData(1, new[] { 100, 100 })]
    public void Doubles_from_100_ms_to_the_maximum(int maximum, int[] expected)
    {
        var waits = new List<int>();
        TimeSpan? wait = null;
        foreach (var _ in expected)
        {
            wait = PollingBackoff.Next(wait, TimeSpan.FromMilliseconds(maximum));
            waits.Add((int)wait.Value.TotalMilliseconds);
        }

        Assert.Equal(expected, waits);
    }
}
