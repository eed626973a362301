using Notify.Functions.Cancellation;
using Notify.Functions.Contract;
using Notify.Functions.Digests;
using Notify.Functions.Dispatch;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Reports;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Cancellation;

public sealed class CancellationRaceTests
{
    [Fact]
    public async Task Dispatch_that_has_its_head_before_the_cancellation_finds_the_deliveries_decided()
    {
        using var notify = await Cancelling.HarnessAsync();
        CancellationView? view = null;
        Once(notify, (table, writes) => table == "deliveries" && writes.Any(write => write.Row.Has("decision")), async () => view =
            await notify.CancelAsync());

        await notify.DispatchAsync(notify.Record(Cancelling.Event));
        await notify.RunToTheEndAsync();

        Assert.Equal((4, true), (view!.Cancelled, view.Dispatched));
        Assert.Empty(await notify.SentAsync());
        Assert.Equal(4, (await notify.ReadAsync("e1")).Counts["cancelled"]);
    }

    [Fact]
    public async Task A_batched_delivery_that_is_cancelled_before_its_decision_leaves_no_item()
    {
        using var notify = await Cancelling.HarnessAsync();
        Once(notify, (table, writes) => table == "deliveries" && writes.Any(write => write.Row.Has("decision")), () =>
            notify.CancelAsync("user_1"));

        await notify.DispatchAsync(notify.Record(Cancelling.Batched));
        await notify.RunToTheEndAsync();

        Assert.Equal(["user_1 email cancelled", "user_2 email sent"], await notify.StatusesAsync());
        Assert.Equal(["user_2"], notify.Senders[Channel.Email].Targets.Select(target => target.Recipient));
    }

    [Fact]
    public async Task A_head_that_comes_between_looking_and_marking_is_met()
    {
        using var notify = await Cancelling.HarnessAsync();
        Once(notify, (table, _) => table == "events", () => notify.DispatchAsync(notify.Record(Cancelling.Event)));

        var view = await notify.CancelAsync();
        await notify.RunToTheEndAsync();

        Assert.Equal((4, true), (view.Cancelled, view.Dispatched));
        Assert.Empty(await notify.SentAsync());
        Assert.Equal(view.CancelledAt, (await notify.ReadAsync("e1")).CancelledAt);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_mark_that_comes_while_the_event_moves_in_is_not_overlooked(bool whole)
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.CancelAsync(channel: Channel.Email);
        CancellationView? second = null;
        // Dispatch has read the first mark and is about to put the event there.
        Once(
            notify,
            (table, writes) => table == "events" && writes[0].Kind == TableWriteKind.Merge && writes[0].Row.Has("content"),
            async () => second = await notify.CancelAsync(channel: whole ? null : Channel.Push));

        await notify.DispatchAsync(notify.Record(Cancelling.Event));
        await notify.RunToTheEndAsync();

        Assert.False(second!.Dispatched);
        Assert.Empty(await notify.SentAsync());
        Assert.Equal(4, (await notify.ReadAsync("e1")).Counts["cancelled"]);
    }

    [Fact]
    public async Task Two_marks_at_once_both_stand()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.CancelAsync("user_2", Channel.Push);
        Once(notify, (table, _) => table == "events", () => notify.CancelAsync("user_2", Channel.Email));

        await notify.CancelAsync("user_1", Channel.Email);
        await notify.DispatchAsync(notify.Record(Cancelling.Event));
        await notify.RunToTheEndAsync();

        Assert.Equal(["user_1 email cancelled", "user_1 push sent", "user_2 email cancelled", "user_2 push cancelled"],
            await notify.StatusesAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_event_that_moves_in_between_looking_and_marking_is_met(bool whole)
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.CancelAsync(channel: Channel.Email);
        Once(notify, (table, _) => table == "events", () => notify.DispatchAsync(notify.Record(Cancelling.Event)));

        var view = await notify.CancelAsync(channel: whole ? null : Channel.Push);
        await notify.RunToTheEndAsync();

        Assert.Equal((true, whole ? 4 : 2), (view.Dispatched, view.Cancelled));
        Assert.Empty(await notify.SentAsync());
    }

    [Fact]
    public async Task Two_dispatchers_that_find_the_mark_put_one_head_there()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.CancelAsync(channel: Channel.Email);
        var record = notify.Record(Cancelling.Event);
        Once(
            notify,
            (table, writes) => table == "events" && writes[0].Kind == TableWriteKind.Merge,
            () => notify.Get<DispatchBatchHandler>().RunAsync([record], CancellationToken.None));

        await notify.Get<DispatchBatchHandler>().RunAsync([record], CancellationToken.None);
        await notify.RunToTheEndAsync();

        Assert.Equal(["user_1 email cancelled", "user_1 push sent", "user_2 email cancelled", "user_2 push sent"],
            await notify.StatusesAsync());
        Assert.Equal(2, (await notify.SentAsync()).Count);
    }

    [Fact]
    public async Task Dispatch_that_is_about_to_enqueue_enqueues_what_the_sender_drops()
    {
        using var notify = await Cancelling.HarnessAsync();
        CancellationView? view = null;
        notify.Tables.AfterWrite = async (table, writes) =>
        {
            if (table == "deliveries" && writes.Any(write => write.Row.Has("decision")))
            {
                view ??= await notify.CancelAsync("user_1");
            }
        };

        await notify.DispatchAsync(notify.Record(TestEvents.Alert()));
        Assert.Equal(1, await notify.Backends.Queues.CountAsync(ChannelQueues.PushUrgent, CancellationToken.None));
        await notify.RunToTheEndAsync();

        Assert.Equal(1, view!.Cancelled);
        Assert.Empty(await notify.SentAsync());
        Assert.Equal("cancelled", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
    }

    [Fact]
    public async Task A_sender_that_claims_first_wins_and_the_cancellation_says_so()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.DispatchAsync(notify.Record(TestEvents.Alert()));
        Once(notify, IsCancellation, () => notify.RunQueuesAsync());

        var view = await notify.CancelAsync();

        Assert.Equal((false, "sent"), (Assert.Single(view.Deliveries).Cancelled, view.Deliveries[0].Status));
        Assert.Single(await notify.SentAsync());
    }

    [Fact]
    public async Task A_cancellation_that_comes_before_the_claim_wins()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.DispatchAsync(notify.Record(TestEvents.Alert()));
        CancellationView? view = null;
        Once(notify, (_, writes) => writes[0].Row.Has("claim"), async () => view = await notify.CancelAsync());

        await notify.RunToTheEndAsync();

        Assert.Equal(1, view!.Cancelled);
        Assert.Empty(await notify.SentAsync());
        Assert.Equal("cancelled", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
    }

    [Fact]
    public async Task A_retry_that_is_claimed_first_wins()
    {
        using var notify = await WaitingAsync();
        notify.Clock.Advance(TimeSpan.FromMinutes(2));
        Once(notify, IsCancellation, () => notify.RunQueuesAsync());

        var view = await notify.CancelAsync("user_1");

        Assert.Equal((false, "sent"), (view.Deliveries[0].Cancelled, view.Deliveries[0].Status));
        Assert.Equal("sent", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
    }

    [Fact]
    public async Task A_report_that_comes_first_makes_it_too_late_so_that_no_status_goes_backwards()
    {
        using var notify = await WaitingAsync();
        var id = (await notify.ReadOnlyDeliveryAsync("e1")).Id;
        Once(notify, IsCancellation, () => ReportAsync(notify, id));

        var view = await notify.CancelAsync();
        await notify.RunToTheEndAsync();

        Assert.Equal((false, "delivered"), (view.Deliveries[0].Cancelled, view.Deliveries[0].Status));
        Assert.Equal(1, (await notify.ReadAsync("e1")).Deliveries[0].Timeline.Count(entry => entry.Fact == "delivered"));
    }

    [Fact]
    public async Task A_digest_that_closes_first_wins_and_takes_the_item_with_it()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.DispatchAsync(notify.Record(Cancelling.Batched with { Recipients = ["user_1"] }));
        notify.Clock.Advance(TimeSpan.FromMinutes(5));
        var dying = 0;
        notify.Tables.AfterWrite = (_, writes) => writes.Any(write => write.Row.Has("members")) && dying++ == 0
            ? throw new OperationCanceledException("died") : Task.CompletedTask;
        Once(notify, IsCancellation, async () =>
        {
            await notify.Get<DigestSchedule>().EnqueueDueAsync(openToo: false, CancellationToken.None);
            // It closes and dies before it has marked its members.
            await Assert.ThrowsAsync<OperationCanceledException>(notify.RunQueuesAsync);
        });

        var view = await notify.CancelAsync();
        notify.Clock.Advance(TimeSpan.FromMinutes(10));
        await notify.RunToTheEndAsync();

        Assert.Equal(1, dying);
        Assert.Equal((false, "batched"), (view.Deliveries[0].Cancelled, view.Deliveries[0].Status));
        Assert.Single(await notify.SentAsync());
        Assert.Equal(["user_1 email sent"], await notify.StatusesAsync());
    }

    [Fact]
    public async Task A_cancellation_between_a_digest_s_reading_and_its_closing_holds_the_others_up_for_no_run()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.DispatchAsync([.. Enumerable.Range(1, 5)
            .Select(n => notify.Record(Cancelling.Batched with { Id = "e" + n, Recipients = ["user_1"] }))]);
        notify.Clock.Advance(TimeSpan.FromMinutes(5));
        CancellationView? view = null;
        Once(notify, (_, writes) => writes.Any(write => write.Row.Has("members")), async () => view = await notify.CancelAsync());

        await notify.Get<DigestSchedule>().EnqueueDueAsync(openToo: false, CancellationToken.None);
        await notify.RunQueuesAsync();

        Assert.Equal(1, view!.Cancelled);
        Assert.Equal("4 updates for you", Assert.Single(notify.Senders[Channel.Email].Requests).Content.Title);
        Assert.DoesNotContain(view.Deliveries[0].Id, await notify.SentAsync());
        Assert.Equal(["user_1 email cancelled"], await notify.StatusesAsync());
    }

    [Fact]
    public async Task A_redelivered_record_brings_nothing_back()
    {
        foreach (var happened in new[] { Cancelling.Event, Cancelling.Batched })
        {
            using var notify = await Cancelling.HarnessAsync();
            var record = notify.Record(happened);
            await notify.Get<DispatchBatchHandler>().RunAsync([record], CancellationToken.None);
            await notify.CancelAsync();
            notify.Clock.Advance(TimeSpan.FromDays(2));

            await notify.DispatchAsync(record, notify.Record(happened));
            await notify.RunToTheEndAsync();

            Assert.Empty(await notify.SentAsync());
            Assert.All((await notify.ReadAsync("e1")).Deliveries, one => Assert.Equal("cancelled", one.Status));
        }
    }

    [Fact]
    public async Task Two_cancellations_at_once_both_say_cancelled()
    {
        foreach (var happened in new[] { Cancelling.Event, Cancelling.Batched })
        {
            using var notify = await Cancelling.HarnessAsync();
            await notify.DispatchAsync(notify.Record(happened));
            CancellationView? inner = null;
            Once(notify, IsCancellation, async () => inner = await notify.CancelAsync());

            var outer = await notify.CancelAsync();

            Assert.Equal(0, inner!.TooLate + outer.TooLate);
            Assert.Equal(outer.CancelledAt, inner.CancelledAt);
        }
    }

    internal static Task ReportAsync(NotifyHarness notify, string delivery) => notify.Get<ReportRecorder>().MergeAsync(
        "fcm", [new ProviderReport(delivery + "~1", "m", ReportedFact.Delivered, notify.Clock.GetUtcNow())], CancellationToken.None);

    private static bool IsCancellation(string table, IReadOnlyList<TableWrite> writes) =>
        table == "deliveries" && writes.Any(write => write.Row.Has("cancelledAt"));

    // Something else happens between the reading and the first such write.
    private static void Once(NotifyHarness notify, Func<string, IReadOnlyList<TableWrite>, bool> when, Func<Task> then)
    {
        var done = false;
        notify.Tables.BeforeWrite = async (table, writes) =>
        {
            if (!done && when(table, writes))
            {
                done = true;
                await then();
            }
        };
    }

    // A first attempt was not accepted; the second, a minute later, would be.
    private static async Task<NotifyHarness> WaitingAsync()
    {
        var notify = await Cancelling.HarnessAsync();
        notify.Senders[Channel.Push].Answer = target => target.AttemptId.EndsWith("~1", StringComparison.Ordinal)
            ? new SendResult.Unavailable("503", TimeSpan.FromMinutes(1))
            : new SendResult.Accepted("m");
        await notify.DispatchAsync(notify.Record(TestEvents.Alert()));
        await notify.RunQueuesAsync();
        return notify;
    }
}
