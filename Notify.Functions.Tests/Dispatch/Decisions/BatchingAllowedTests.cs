using Notify.Functions.Contract;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Dispatch.Decisions;

/// <summary>Which priorities may wait for a digest: those that are listed and allowed.</summary>
public sealed class BatchingAllowedTests
{
    [Theory]
    [InlineData(Priority.Low, null, null, "digest")]
    [InlineData(Priority.Normal, null, null, "digest")]
    [InlineData(Priority.High, null, null, "send")]
    [InlineData(Priority.Low, "Notify:Priorities:low:BatchingAllowed", "false", "send")]
    [InlineData(Priority.Normal, "Notify:Priorities:low:BatchingAllowed", "false", "digest")]
    [InlineData(Priority.Normal, "Notify:Priorities:normal:BatchingAllowed", "false", "send")]
    [InlineData(Priority.Normal, "Notify:Batching:Priorities", "low", "send")]
    [InlineData(Priority.Low, "Notify:Batching:Priorities", "low", "digest")]
    public async Task What_is_not_allowed_to_wait_is_sent(Priority priority, string? setting, string? value, string reason)
    {
        using var notify = new NotifyHarness(settings: setting is null
            ? null : new Dictionary<string, string?>(StringComparer.Ordinal) { [setting] = value });
        await notify.AddRecipientAsync("user_1");

        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { Priority = priority, Channels = [Channel.Email] }));

        Assert.Equal(reason, (await notify.ReadOnlyDeliveryAsync("e1")).Reason);
    }
}
