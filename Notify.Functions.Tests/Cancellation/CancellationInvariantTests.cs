using Notify.Functions.Cancellation;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Cancellation;

/// <summary>A cancelled delivery is never sent, and everything else is: whatever happens at whichever write.</summary>
public sealed class CancellationInvariantTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancellation_at_any_write_of_dispatch_sending_and_digest_is_true_to_its_word(bool batched)
    {
        var happened = batched ? Cancelling.Batched : Cancelling.Event;
        var interrupted = 0;
        for (var at = 0; ; at++)
        {
            using var notify = await HarnessAsync();
            var (count, target) = (0, at);
            CancellationView? view = null;
            notify.Tables.BeforeWrite = async (_, _) =>
            {
                if (count++ == target)
                {
                    view = await notify.CancelAsync();
                }
            };

            await notify.DispatchAsync(notify.Record(happened));
            await notify.RunToTheEndAsync();

            if (view is null)
            {
                break;
            }
            interrupted++;
            await AssertTrueAsync(notify, view, happened);
        }
        Assert.InRange(interrupted, batched ? 5 : 10, 100);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispatch_sending_and_digest_at_any_write_of_a_cancellation_find_it_true_to_its_word(bool batched)
    {
        var happened = batched ? Cancelling.Batched : Cancelling.Event;
        foreach (var dispatchedBefore in new[] { false, true })
        {
            for (var at = 0; ; at++)
            {
                using var notify = await HarnessAsync();
                var record = notify.Record(happened);
                if (dispatchedBefore)
                {
                    await notify.DispatchAsync(record);
                }
                var (count, target) = (0, at);
                notify.Tables.BeforeWrite = async (_, _) =>
                {
                    if (count++ == target)
                    {
                        await notify.DispatchAsync(record);
                        await notify.RunToTheEndAsync();
                    }
                };

                var view = await notify.CancelAsync();
                var reached = count > target;
                notify.Tables.BeforeWrite = FaultyTables.Nothing;
                await notify.DispatchAsync(record);
                await notify.RunToTheEndAsync();

                await AssertTrueAsync(notify, view, happened);
                if (!reached)
                {
                    break;
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancellation_may_die_before_and_after_every_write_and_nothing_is_lost(bool batched)
    {
        var happened = batched ? Cancelling.Batched : Cancelling.Event;
        foreach (var (dispatchedBefore, afterwards, again) in from one in Both
                                                              from other in Both
                                                              from third in Both
                                                              select (one, other,
            third))
        {
            for (var death = 0; ; death++)
            {
                using var notify = await HarnessAsync();
                var record = notify.Record(happened);
                if (dispatchedBefore)
                {
                    await notify.Get<DispatchBatchHandler>().RunAsync([record], CancellationToken.None);
                }
                var (count, target) = (0, death);
                Task Die(string table, IReadOnlyList<TableWrite> writes) =>
                    count++ == target ? throw new OperationCanceledException("died") : Task.CompletedTask;
                notify.Tables.BeforeWrite = afterwards ? FaultyTables.Nothing : Die;
                notify.Tables.AfterWrite = afterwards ? Die : FaultyTables.Nothing;
                var died = await Record.ExceptionAsync(() => notify.CancelAsync());
                notify.Tables.BeforeWrite = notify.Tables.AfterWrite = FaultyTables.Nothing;

                var view = again ? await notify.CancelAsync() : null;
                await notify.DispatchAsync(record);
                await notify.RunToTheEndAsync();

                await AssertTrueAsync(notify, view, happened);
                Assert.True(view is null || view.TooLate == 0);
                if (died is null)
                {
                    break;
                }
                Assert.IsType<OperationCanceledException>(died);
            }
        }
    }

    private static readonly bool[] Both = [false, true];

    // The first attempt on push is not accepted, so that retries are among the steps.
    private static async Task<NotifyHarness> HarnessAsync()
    {
        var notify = await Cancelling.HarnessAsync();
        notify.Senders[Channel.Push].Answer = target => target.AttemptId.EndsWith("~1", StringComparison.Ordinal)
            ? new SendResult.Unavailable("503", TimeSpan.FromMinutes(1))
            : new SendResult.Accepted("m");
        return notify;
    }

    private static async Task AssertTrueAsync(NotifyHarness notify, CancellationView? view, NotificationEvent happened)
    {
        var said = view?.Deliveries.ToDictionary(one => one.Id, StringComparer.Ordinal) ?? [];
        var read = await notify.ReadAsync("e1");
        var accepted = await notify.SentAsync(acceptedOnly: true);
        Assert.Equal(happened.Recipients.Count * happened.Channels.Count, read.Deliveries.Count);
        foreach (var delivery in read.Deliveries)
        {
            var sent = delivery.Timeline.Any(entry => entry.Fact == "sent");
            Assert.Equal(sent ? "sent" : "cancelled", delivery.Status);
            Assert.Equal(sent ? 1 : 0, accepted.Count(id => id == delivery.Id));
            if (view is { Dispatched: false } || said.GetValueOrDefault(delivery.Id) is { Cancelled: true })
            {
                Assert.Equal("cancelled", delivery.Status);
            }
        }
    }
}
