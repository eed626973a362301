using Notify.LocalHost.Runtime.Catalog;

namespace Notify.Functions.Tests.LocalHost.Runtime;

public sealed class TriggerRetryPolicyTests
{
    [Fact]
    public void Doubles_the_wait_up_to_the_maximum_for_ever()
    {
        var policy = new TriggerRetryPolicy(-1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

        Assert.Equal(
            [1, 2, 4, 8, 16, 30, 30],
            Enumerable.Range(1, 7).Select(n => policy.DelayBefore(n)!.Value.TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(30), policy.DelayBefore(1_000_000));
    }

    [Fact]
    public void Ends_after_the_last_retry()
    {
        var policy = new TriggerRetryPolicy(2, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromSeconds(5), policy.DelayBefore(1));
        Assert.Equal(TimeSpan.FromSeconds(5), policy.DelayBefore(2));
        Assert.Null(policy.DelayBefore(3));
    }
}
