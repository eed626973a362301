using Notify.LocalHost.FaultInjection;
using Notify.LocalHost.Runtime;

namespace Notify.Functions.Tests.LocalHost;

public sealed class KillAtTests
{
    [Theory]
    [InlineData("nowhere")]
    [InlineData("dispatch.after-keys:")]
    [InlineData("dispatch.after-keys:0")]
    [InlineData("dispatch.after-keys:-1")]
    [InlineData("dispatch.after-keys:1:1")]
    public void Says_which_places_there_are_where_a_value_names_none(string value)
    {
        var fault = Assert.Throws<StartupException>(() => KillAt.Arm(value));

        Assert.Contains("NOTIFY_KILL_AT", fault.Message, StringComparison.Ordinal);
        Assert.Contains("digest.after-enqueue", fault.Message, StringComparison.Ordinal);
    }
}
