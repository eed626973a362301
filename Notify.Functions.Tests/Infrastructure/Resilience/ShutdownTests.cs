using Microsoft.Extensions.Hosting;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Infrastructure.Resilience;

public sealed class ShutdownTests
{
    [Fact]
    public async Task Nothing_is_claimed_once_the_process_is_to_end()
    {
        using var notify = await StartAsync("a");
        notify.Get<IHostApplicationLifetime>().StopApplication();

        await Assert.ThrowsAsync<StoppingException>(() => notify.RunLaneAsync(Channel.Push, urgent: true));

        Assert.Empty(notify.Senders[Channel.Push].Targets);
        var delivery = await notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal(("pending", 0), (delivery.Status, delivery.Attempts));
    }

    [Fact]
    public async Task What_is_claimed_is_sent_and_written_down_before_the_process_ends_and_the_rest_stays()
    {
        using var notify = await StartAsync("a", "b", "c");
        var sending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        notify.Senders[Channel.Push].Meanwhile = async _ =>
        {
            sending.TrySetResult();
            await answer.Task;
        };
        var handling = notify.RunLaneAsync(Channel.Push, urgent: true);
        await sending.Task;

        notify.Get<IHostApplicationLifetime>().StopApplication();
        var ending = notify.Get<Shutdown>().StoppingAsync(CancellationToken.None);
        Assert.False(ending.IsCompleted);
        answer.SetResult();
        await ending;

        // One by one, push is sent; the first was in hand.
        var statuses = (await notify.ReadAsync("e1")).Deliveries.Select(delivery => delivery.Status).Order(StringComparer.Ordinal);
        Assert.Equal(["pending", "pending", "sent"], statuses);
        await Assert.ThrowsAsync<StoppingException>(() => handling);
    }

    [Fact]
    public async Task The_end_waits_no_longer_than_it_may()
    {
        using var notify = await StartAsync("a");
        var shutdown = notify.Get<Shutdown>();
        using var begun = shutdown.Begin();
        using var limit = new CancellationTokenSource();

        var ending = shutdown.StoppingAsync(limit.Token);
        Assert.False(ending.IsCompleted);
        await limit.CancelAsync();

        await ending;
    }

    private static async Task<NotifyHarness> StartAsync(params string[] recipients)
    {
        var notify = new NotifyHarness(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Notify:Channels:push:BatchSize"] = "1" });
        foreach (var recipient in recipients)
        {
            await notify.AddRecipientAsync(recipient);
        }
        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { Recipients = recipients }));
        return notify;
    }
}
