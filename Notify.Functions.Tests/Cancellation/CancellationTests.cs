using Notify.Functions.Cancellation;
using Notify.Functions.Contract;
using Notify.Functions.Reports;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Pipeline;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Cancellation;

public sealed class CancellationTests
{
    [Fact]
    public async Task What_is_in_the_lanes_is_cancelled_and_its_messages_send_nothing()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.DispatchAsync(notify.Record(Cancelling.Event));

        var view = await notify.CancelAsync();
        await notify.RunToTheEndAsync();

        Assert.Equal((4, 0, true, notify.Clock.GetUtcNow() - TimeSpan.FromMinutes(40)),
            (view.Cancelled, view.TooLate, view.Dispatched, view.CancelledAt));
        Assert.All(view.Deliveries, one => Assert.Equal((true, "cancelled", "cancelled"), (one.Cancelled, one.Status, one.Reason)));
        Assert.Empty(await notify.SentAsync());
        var read = await notify.ReadAsync("e1");
        Assert.Equal((4, view.CancelledAt), (read.Counts["cancelled"], read.CancelledAt));
        Assert.All(read.Deliveries, one => Assert.Equal(["decided", "cancelled"], one.Timeline.Select(entry => entry.Fact)));
    }

    [Theory]
    [InlineData("user_1", null, "user_1 email cancelled", "user_1 push cancelled", "user_2 email sent", "user_2 push sent")]
    [InlineData(null, Channel.Push, "user_1 email sent", "user_1 push cancelled", "user_2 email sent", "user_2 push cancelled")]
    [InlineData("user_2", Channel.Email, "user_1 email sent", "user_1 push sent", "user_2 email cancelled", "user_2 push sent")]
    public async Task A_part_is_cancelled_and_the_rest_goes_out_whether_it_was_dispatched_before_or_not(
        string? recipient, Channel? channel, params string[] statuses)
    {
        foreach (var dispatchedBefore in new[] { true, false })
        {
            using var notify = await Cancelling.HarnessAsync();
            var record = notify.Record(Cancelling.Event);
            if (dispatchedBefore)
            {
                await notify.DispatchAsync(record);
            }

            var view = await notify.CancelAsync(recipient, channel);
            await notify.DispatchAsync(record);
            await notify.RunToTheEndAsync();

            Assert.Equal((dispatchedBefore, null), (view.Dispatched, view.CancelledAt));
            Assert.Equal(statuses, await notify.StatusesAsync());
            Assert.Equal(statuses.Count(one => one.EndsWith("sent", StringComparison.Ordinal)), (await notify.SentAsync()).Count);
            Assert.Null((await notify.ReadAsync("e1")).CancelledAt);
        }
    }

    [Fact]
    public async Task An_event_that_was_not_dispatched_yet_is_decided_cancelled_when_it_comes()
    {
        using var notify = await Cancelling.HarnessAsync();
        var view = await notify.CancelAsync();
        notify.Clock.Advance(TimeSpan.FromMinutes(1));

        await notify.DispatchAsync(notify.Record(Cancelling.Event));
        Assert.Equal(0, await notify.Backends.Queues.CountAsync(ChannelQueues.PushUrgent, CancellationToken.None));
        await notify.RunToTheEndAsync();

        Assert.False(view.Dispatched);
        Assert.Empty(view.Deliveries);
        Assert.Empty(await notify.SentAsync());
        var read = await notify.ReadAsync("e1");
        Assert.Equal((4, view.CancelledAt, "notifications.incoming"), (read.Counts["cancelled"], read.CancelledAt, read.Source.Topic));
        Assert.All(read.Deliveries, one => Assert.Equal(("cancelled", 0), (one.Reason, one.Attempts)));
        Assert.Equal(4, (await notify.CancelAsync()).Cancelled);
    }

    [Fact]
    public async Task Several_parts_can_be_cancelled_before_the_event_comes_and_the_whole_outranks_them()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.CancelAsync("user_1", Channel.Push);
        await notify.CancelAsync("user_2", Channel.Email);

        await notify.DispatchAsync(notify.Record(Cancelling.Event));
        await notify.RunToTheEndAsync();
        Assert.Equal(["user_1 email sent", "user_1 push cancelled", "user_2 email cancelled", "user_2 push sent"],
            await notify.StatusesAsync());

        using var other = await Cancelling.HarnessAsync();
        await other.CancelAsync("user_1");
        await other.CancelAsync();
        await other.CancelAsync("user_2");
        await other.DispatchAsync(other.Record(Cancelling.Event));
        Assert.Equal(4, (await other.ReadAsync("e1")).Counts["cancelled"]);
    }

    [Fact]
    public async Task Too_many_parts_of_an_event_that_never_came_are_refused()
    {
        using var notify = new NotifyHarness();
        for (var n = 0; n < Notify.Functions.Ledger.CancelledParts.Most; n++)
        {
            await notify.CancelAsync("user_" + n);
        }

        Assert.Equal(CancellationFault.TooManyParts, (await notify.TryCancelAsync("one more")).Fault);
        Assert.NotNull((await notify.CancelAsync()).CancelledAt);
    }

    [Fact]
    public async Task Doing_it_again_changes_nothing_and_says_the_same()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.DispatchAsync(notify.Record(Cancelling.Event with { Recipients = ["user_1", "stranger"] }));
        await notify.RunLaneAsync(Channel.Push, urgent: true);

        var first = await notify.CancelAsync();
        notify.Clock.Advance(TimeSpan.FromHours(1));
        var second = await notify.CancelAsync();

        Assert.Equal((1, 3), (first.Cancelled, first.TooLate));
        Assert.Equal(["cancelled", "sent", "suppressed", "suppressed"], first.Deliveries.Select(one => one.Status)
            .Order(StringComparer.Ordinal));
        Assert.Equal(first.Deliveries, second.Deliveries);
        Assert.Equal(first.CancelledAt, second.CancelledAt);
        Assert.Equal(1, (await notify.ReadAsync("e1")).Deliveries.Single(one => one is { Recipient: "user_1", Channel: "email" }).Attempts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_waits_to_be_tried_again_is_cancelled_and_its_message_is_dropped(bool answerLost)
    {
        using var notify = await Cancelling.HarnessAsync();
        notify.Senders[Channel.Push].Answer =
            _ => answerLost ? new SendResult.Unknown("timeout") : new SendResult.Unavailable("503", TimeSpan.FromMinutes(1));
        await notify.DispatchAsync(notify.Record(TestEvents.Alert()));
        await notify.RunQueuesAsync();
        var waiting = await notify.ReadOnlyDeliveryAsync("e1");

        var view = await notify.CancelAsync();
        await notify.Get<ReportRecorder>()
            .MergeAsync("fcm", [new ProviderReport(waiting.Id + "~1", "m", ReportedFact.Sent, notify.Clock.GetUtcNow())],
                CancellationToken.None);
        await notify.RunToTheEndAsync();

        Assert.Equal("pending", waiting.Status);
        Assert.Equal((true, answerLost ? "cancelled_after_unknown_attempt" : "cancelled"),
            (view.Deliveries[0].Cancelled, view.Deliveries[0].Reason));
        Assert.Single(notify.Senders[Channel.Push].Targets);
        // Nothing more was sent, and the recipient has what the provider took after all.
        Assert.Equal("sent", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
    }

    [Fact]
    public async Task What_is_on_its_way_is_too_late_and_is_not_tried_again()
    {
        using var notify = await Cancelling.HarnessAsync();
        CancellationView? view = null;
        notify.Senders[Channel.Push].Meanwhile = async _ => view ??= await notify.CancelAsync();
        notify.Senders[Channel.Push].Answer = _ => new SendResult.Unavailable("503", TimeSpan.FromMinutes(1));
        await notify.DispatchAsync(notify.Record(TestEvents.Alert()));

        await notify.RunToTheEndAsync();

        Assert.Equal((false, "pending", "sending"), (view!.Deliveries[0].Cancelled, view.Deliveries[0].Status, view.Deliveries[0].Reason));
        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Equal("cancelled", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
    }

    [Theory]
    [InlineData(ReportedFact.Sent, "sent")]
    [InlineData(ReportedFact.Delivered, "delivered")]
    public async Task What_is_found_to_have_arrived_after_all_does_not_become_cancelled_by_its_next_attempt(
        ReportedFact fact, string status)
    {
        using var notify = await Cancelling.HarnessAsync();
        CancellationView? view = null;
        notify.Senders[Channel.Push].Meanwhile = async _ => view ??= await notify.CancelAsync();
        notify.Senders[Channel.Push].Answer = _ => new SendResult.Unknown("timeout");
        await notify.DispatchAsync(notify.Record(TestEvents.Alert()));
        await notify.RunQueuesAsync();
        var id = (await notify.ReadOnlyDeliveryAsync("e1")).Id;
        await notify.Get<ReportRecorder>()
            .MergeAsync("fcm", [new ProviderReport(id + "~1", "m", fact, notify.Clock.GetUtcNow())], CancellationToken.None);

        await notify.RunToTheEndAsync();

        Assert.Equal(1, view!.TooLate);
        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Equal(status, (await notify.ReadOnlyDeliveryAsync("e1")).Status);
    }

    [Fact]
    public async Task A_claim_that_a_dead_sender_left_on_a_second_attempt_of_a_cancelled_event_comes_to_an_end()
    {
        using var notify = await Cancelling.HarnessAsync();
        notify.Senders[Channel.Push].Answer = _ => new SendResult.Unavailable("503", TimeSpan.FromMinutes(1));
        await notify.DispatchAsync(notify.Record(TestEvents.Alert()));
        await notify.RunQueuesAsync();
        notify.Clock.Advance(TimeSpan.FromMinutes(2));
        var lease = Assert.Single(await notify.Backends.Queues.ReceiveAsync(ChannelQueues.PushUrgent, 32, TimeSpan.FromMinutes(1),
            CancellationToken.None));
        // It has claimed the second attempt and never comes back; the message does.
        notify.Senders[Channel.Push].Meanwhile = _ => new TaskCompletionSource().Task;
        _ = notify.Get<SendPipeline>().HandleAsync(Channel.Push, System.Text.Encoding.UTF8.GetString(lease.Body!.Value.Span),
            CancellationToken.None);
        notify.Senders[Channel.Push].Meanwhile = _ => Task.CompletedTask;

        var view = await notify.CancelAsync();
        await notify.RunToTheEndAsync();

        Assert.Equal(1, view.TooLate);
        Assert.Single(notify.Senders[Channel.Push].Targets);
        var delivery = await notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal(("cancelled", 3), (delivery.Status, delivery.Attempts));
        Assert.Contains(delivery.Timeline, entry => entry is { Fact: "unknown", Attempt: 2 });
    }

    [Fact]
    public async Task A_batched_delivery_leaves_its_digest_and_the_others_stay_in_it()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.DispatchAsync(notify.Record(Cancelling.Batched),
            notify.Record(Cancelling.Batched with { Id = "e2", Category = "news" }),
            notify.Record(Cancelling.Batched with { Id = "e3", Recipients = ["user_2"] }));

        var view = await notify.CancelAsync("user_1");
        Assert.Equal(2, (await notify.CancelAsync(id: "e2")).Cancelled);
        await notify.RunToTheEndAsync();

        Assert.Equal("cancelled", Assert.Single(view.Deliveries).Status);
        Assert.Equal(["user_1 email cancelled", "user_2 email sent"], await notify.StatusesAsync());
        var request = Assert.Single(notify.Senders[Channel.Email].Requests);
        Assert.Equal(("user_2", "2 updates for you"), (request.Targets[0].Recipient, request.Content.Title));
        Assert.DoesNotContain(Cancelling.Cancelled(view)[0], await notify.SentAsync());
    }

    [Fact]
    public async Task What_went_out_in_a_digest_is_too_late()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.DispatchAsync(notify.Record(Cancelling.Batched));
        await notify.RunToTheEndAsync();

        var view = await notify.CancelAsync();

        Assert.Equal((0, 2), (view.Cancelled, view.TooLate));
        Assert.All(view.Deliveries, one => Assert.Equal("sent", one.Status));
    }

    [Fact]
    public async Task Another_tenant_s_event_of_the_same_id_goes_out()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.AddRecipientAsync("user_1", "acme");
        await notify.CancelAsync(tenant: "acme");

        await notify.DispatchAsync(notify.Record(TestEvents.Alert()), notify.Record(TestEvents.Alert() with { Tenant = "acme" }));
        await notify.RunQueuesAsync();

        Assert.Equal("sent", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
        Assert.Equal("cancelled", Assert.Single((await notify.ReadAsync("e1", "acme")).Deliveries).Status);
    }

    [Fact]
    public async Task A_duplicate_is_not_cancelled_and_neither_is_its_original()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { DeduplicationKey = "k" }),
            notify.Record(TestEvents.Alert("e2") with { DeduplicationKey = "k" }));

        var result = await notify.TryCancelAsync(id: "e2");
        await notify.RunQueuesAsync();

        Assert.Equal((CancellationFault.IsDuplicate, "e1"), (result.Fault, result.DuplicateOf));
        Assert.Equal("sent", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
    }

    [Fact]
    public async Task A_recipient_or_channel_that_the_event_does_not_have_is_said_so()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.DispatchAsync(notify.Record(TestEvents.Alert()));

        Assert.Equal(CancellationFault.NoSuchDelivery, (await notify.TryCancelAsync("user_2")).Fault);
        Assert.Equal(CancellationFault.NoSuchDelivery, (await notify.TryCancelAsync(channel: Channel.Sms)).Fault);
        await notify.RunQueuesAsync();
        Assert.Equal("sent", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
    }
}
