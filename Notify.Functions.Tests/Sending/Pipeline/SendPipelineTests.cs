using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Pipeline;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Sending.Pipeline;

public sealed class SendPipelineTests
{
    [Fact]
    public async Task A_message_that_comes_again_sends_nothing_again()
    {
        using var notify = await DispatchedAsync(TestEvents.Alert());
        var message = await TakeMessageAsync(notify, ChannelQueues.PushUrgent);

        await SendAsync(notify, message);
        await SendAsync(notify, message);

        Assert.Single(notify.Senders[Channel.Push].Targets);
    }

    [Fact]
    public async Task Two_senders_of_one_message_send_once_and_the_second_looks_again_when_the_claim_has_run_out()
    {
        using var notify = await DispatchedAsync(TestEvents.Alert());
        var message = await TakeMessageAsync(notify, ChannelQueues.PushUrgent);
        var inside = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        notify.Senders[Channel.Push].Meanwhile = async _ =>
        {
            inside.TrySetResult();
            await goOn.Task;
        };

        var first = SendAsync(notify, message);
        await inside.Task;
        await SendAsync(notify, message);
        Assert.Equal(1, await notify.Backends.Queues.CountAsync(ChannelQueues.PushUrgent, CancellationToken.None));
        goOn.SetResult();
        await first;
        notify.Clock.Advance(new SendingOptions().ClaimLength + TimeSpan.FromSeconds(2));
        await notify.RunQueuesAsync();

        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Equal("sent", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
    }

    [Theory]
    [InlineData(EventType.Alert, "sent", 1, 2)]
    [InlineData(EventType.Transactional, "sent", 1, 2)]
    [InlineData(EventType.Marketing, "failed", 0, 1)]
    public async Task A_sender_that_died_with_its_claim_leaves_an_ambiguous_send_which_the_type_decides(
        EventType type, string status, int sentAgain, int attempts)
    {
        using var notify = await DispatchedAsync(TestEvents.Alert() with { Type = type });
        var message = await TakeMessageAsync(notify, ChannelQueues.PushUrgent);
        var died = SendDyingAsync(notify, message);
        notify.Senders[Channel.Push].Meanwhile = _ => Task.CompletedTask;

        await SendAsync(notify, message);
        await notify.RunQueuesAsync();
        Assert.Empty(notify.Senders[Channel.Push].Targets);

        notify.Clock.Advance(new SendingOptions().ClaimLength + TimeSpan.FromSeconds(2));
        await notify.RunQueuesAsync();
        notify.Clock.Advance(TimeSpan.FromMinutes(1));
        await notify.RunQueuesAsync();

        var delivery = await notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal((status, attempts), (delivery.Status, delivery.Attempts));
        Assert.Equal(sentAgain, notify.Senders[Channel.Push].Targets.Count);
        Assert.Contains(delivery.Timeline, entry => entry is { Fact: "unknown", Detail: "claim_expired" });
        Assert.False(died.IsCompleted);
    }

    [Theory]
    [InlineData(EventType.Alert, 2, "sent")]
    [InlineData(EventType.Marketing, 1, "failed")]
    public async Task A_lost_answer_is_never_silently_repeated(EventType type, int requests, string status)
    {
        using var notify = await DispatchedAsync(TestEvents.Alert() with { Type = type });
        notify.Senders[Channel.Push].Answer = target => target.AttemptId.EndsWith("~1", StringComparison.Ordinal)
            ? new SendResult.Unknown("timeout") : new SendResult.Accepted("m");

        await notify.RunQueuesAsync();
        Assert.Single(notify.Senders[Channel.Push].Targets);
        notify.Clock.Advance(TimeSpan.FromMinutes(1));
        await notify.RunQueuesAsync();

        Assert.Equal(requests, notify.Senders[Channel.Push].Targets.Count);
        var delivery = await notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal(status, delivery.Status);
        Assert.Contains(delivery.Timeline, entry => entry is { Fact: "unknown", Attempt: 1, Detail: "timeout" });
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5)]
    public async Task A_lost_answer_that_the_provider_s_report_finds_again_is_not_sent_again_and_does_not_expire(int? minutes)
    {
        var expires = minutes is { } some ? new DateTimeOffset(2026, 3, 4, 12, some, 0, TimeSpan.Zero) : (DateTimeOffset?)null;
        using var notify = await DispatchedAsync(TestEvents.Alert() with { ExpiresAt = expires });
        notify.Senders[Channel.Push].Answer = _ => new SendResult.Unknown("timeout");
        await notify.RunQueuesAsync();
        var attempt = Assert.Single(notify.Senders[Channel.Push].Targets).AttemptId;

        await notify.Get<Notify.Functions.Reports.ReportRecorder>().MergeAsync(
            "fcm", [new Notify.Functions.Reports.ProviderReport(attempt, "m", Notify.Functions.Reports.ReportedFact.Delivered,
                notify.Clock.GetUtcNow())], CancellationToken.None);
        notify.Clock.Advance(TimeSpan.FromMinutes(10));
        await notify.RunQueuesAsync();

        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Equal(("delivered", 1),
            ((await notify.ReadOnlyDeliveryAsync("e1")).Status, (await notify.ReadOnlyDeliveryAsync("e1")).Attempts));
    }

    [Fact]
    public async Task A_refusal_for_good_fails_with_the_provider_s_reason()
    {
        using var notify = await DispatchedAsync(TestEvents.Alert());
        notify.Senders[Channel.Push].Answer = _ => new SendResult.Rejected("fcm:UNREGISTERED", AddressIsDead: true);

        await notify.RunQueuesAsync();

        var delivery = await notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal(("failed", "fcm:UNREGISTERED", 1), (delivery.Status, delivery.Reason, delivery.Attempts));
        Assert.Equal(0, await notify.Backends.Queues.CountAsync(ChannelQueues.PushUrgent, CancellationToken.None));
    }

    [Fact]
    public async Task What_is_not_accepted_is_tried_three_times_quickly_then_by_the_schedule_and_given_up_at_its_end()
    {
        using var notify = await DispatchedAsync(TestEvents.Alert());
        notify.Senders[Channel.Push].Answer = _ => new SendResult.Unavailable("503");
        var pauses = new List<TimeSpan>();

        for (var guard = 0; guard < 20 && (await notify.ReadOnlyDeliveryAsync("e1")).Status == "pending"; guard++)
        {
            await RunWithTimeAsync(notify);
            var delivery = await notify.ReadOnlyDeliveryAsync("e1");
            if (delivery.Status == "pending")
            {
                var due = Enumerable.Range(1, 100_000)
                    .First(seconds => notify.Get<RetryPolicy>()
                        .PauseAfter(Priority.Critical, delivery.Attempts, null) <= TimeSpan.FromSeconds(seconds));
                pauses.Add(TimeSpan.FromSeconds(due));
                notify.Clock.Advance(TimeSpan.FromSeconds(due + 1));
            }
        }

        var last = await notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal(("failed", "retries_used_up: 503", 5), (last.Status, last.Reason, last.Attempts));
        Assert.Equal(15, notify.Senders[Channel.Push].Targets.Count);
        Assert.Equal([2, 10, 60, 300], pauses.Select(pause => (int)pause.TotalSeconds));
    }

    [Fact]
    public async Task Only_what_failed_of_a_chunk_is_tried_again()
    {
        using var notify = await DispatchedAsync(
            TestEvents.Alert() with { Recipients = [.. Enumerable.Range(1, 25).Select(n => "user_" + n)] });
        notify.Senders[Channel.Push].Answer =
            target => target.Recipient == "user_7" && target.AttemptId.EndsWith("~1", StringComparison.Ordinal)
            ? new SendResult.Unavailable("503", TimeSpan.FromMinutes(3))
            : new SendResult.Accepted("m");

        await notify.RunQueuesAsync();
        Assert.Equal((24, 1), ((await notify.ReadAsync("e1")).Counts["sent"], (await notify.ReadAsync("e1")).Counts["pending"]));
        notify.Clock.Advance(TimeSpan.FromMinutes(3) - TimeSpan.FromSeconds(1));
        await notify.RunQueuesAsync();
        Assert.Equal(25, notify.Senders[Channel.Push].Targets.Count);
        notify.Clock.Advance(TimeSpan.FromSeconds(2));
        await notify.RunQueuesAsync();

        Assert.Equal(26, notify.Senders[Channel.Push].Targets.Count);
        Assert.Equal(25, (await notify.ReadAsync("e1")).Counts["sent"]);
    }

    [Fact]
    public async Task Nothing_is_sent_after_its_time()
    {
        using var notify = await DispatchedAsync(
            TestEvents.Alert() with { ExpiresAt = new DateTimeOffset(2026, 3, 4, 13, 0, 0, TimeSpan.Zero) });
        notify.Clock.Advance(TimeSpan.FromHours(1));

        await notify.RunQueuesAsync();

        Assert.Empty(notify.Senders[Channel.Push].Targets);
        Assert.Equal("expired", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
    }

    [Fact]
    public async Task What_a_dead_sender_claimed_ends_expired_when_its_time_is_over_meanwhile()
    {
        using var notify = await DispatchedAsync(
            TestEvents.Alert() with { ExpiresAt = new DateTimeOffset(2026, 3, 4, 12, 1, 0, TimeSpan.Zero) });
        var message = await TakeMessageAsync(notify, ChannelQueues.PushUrgent);
        _ = SendDyingAsync(notify, message);
        notify.Senders[Channel.Push].Meanwhile = _ => Task.CompletedTask;
        notify.Clock.Advance(new SendingOptions().ClaimLength + TimeSpan.FromSeconds(2));

        await SendAsync(notify, message);
        notify.Clock.Advance(TimeSpan.FromMinutes(1));
        await notify.RunQueuesAsync();

        var delivery = await notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal(("expired", 2), (delivery.Status, delivery.Attempts));
        Assert.Contains(delivery.Timeline, entry => entry is { Fact: "unknown", Attempt: 1 });
        Assert.Empty(notify.Senders[Channel.Push].Targets);
    }

    [Fact]
    public async Task Attempt_rows_stand_before_anything_is_sent()
    {
        using var notify = await DispatchedAsync(TestEvents.Alert());
        var stood = false;
        notify.Senders[Channel.Push].Meanwhile = async request =>
        {
            Assert.True(AttemptId.TryParse(request.Targets[0].AttemptId, out var id));
            stood = await notify.Tables.GetAsync("deliveries", id.Delivery.Partition, id.ToString(), CancellationToken.None) is not null;
        };

        await notify.RunQueuesAsync();

        Assert.True(stood);
    }

    [Fact]
    public async Task A_sender_may_die_before_and_after_every_write_and_the_message_comes_again()
    {
        for (var death = 0; death < 2; death++)
        {
            foreach (var afterwards in new[] { false, true })
            {
                using var notify = await DispatchedAsync(TestEvents.Alert());
                notify.Senders[Channel.Push].Answer = target => target.AttemptId.EndsWith("~1", StringComparison.Ordinal)
                    ? new SendResult.Unavailable("503", TimeSpan.FromMinutes(1)) : new SendResult.Accepted("m");
                var message = await TakeMessageAsync(notify, ChannelQueues.PushUrgent);
                var (count, target) = (0, death);
                Task Die(string table, IReadOnlyList<TableWrite> writes) =>
                    count++ == target ? throw new OperationCanceledException("died") : Task.CompletedTask;
                notify.Tables.BeforeWrite = afterwards ? FaultyTables.Nothing : Die;
                notify.Tables.AfterWrite = afterwards ? Die : FaultyTables.Nothing;
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(notify, message));
                notify.Tables.BeforeWrite = notify.Tables.AfterWrite = FaultyTables.Nothing;

                await SendAsync(notify, message);
                for (var minute = 0; minute < 5; minute++)
                {
                    await notify.RunQueuesAsync();
                    notify.Clock.Advance(TimeSpan.FromMinutes(1));
                }

                var delivery = await notify.ReadOnlyDeliveryAsync("e1");
                Assert.Equal(("sent", 2), (delivery.Status, delivery.Attempts));
                Assert.Equal(1, notify.Senders[Channel.Push].Targets.Count(one => one.AttemptId.EndsWith("~2", StringComparison.Ordinal)));
            }
        }
    }

    [Fact]
    public async Task Bulk_email_of_one_event_goes_out_in_few_requests()
    {
        using var notify = await DispatchedAsync(TestEvents.Alert() with
        {
            Type = EventType.Transactional,
            Priority = Priority.Normal,
            Channels = [Channel.Email],
            Recipients = [.. Enumerable.Range(1, 400).Select(n => "user_" + n)],
        });

        await notify.RunQueuesAsync();

        Assert.Equal(400, notify.Senders[Channel.Email].Targets.Count);
        Assert.Equal(16, notify.Senders[Channel.Email].Requests.Count);
        Assert.Equal(400, (await notify.ReadAsync("e1")).Counts["sent"]);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"v":1,"br":"AAAA"}""")]
    [InlineData("""{"v":1,"envelope":{"channel":3,"urgent":true,"events":{},"deliveries":[]}}""")]
    public async Task A_message_that_is_no_envelope_is_refused(string message)
    {
        using var notify = new NotifyHarness();

        await Assert.ThrowsAsync<EnvelopeFormatException>(() => SendAsync(notify, message));
    }

    [Fact]
    public async Task An_envelope_of_another_channel_is_refused()
    {
        using var notify = await DispatchedAsync(TestEvents.Alert() with { Channels = [Channel.Sms] });
        var message = await TakeMessageAsync(notify, ChannelQueues.SmsUrgent);

        await Assert.ThrowsAsync<EnvelopeFormatException>(() => SendAsync(notify, message));
    }

    private static async Task<NotifyHarness> DispatchedAsync(NotificationEvent happened)
    {
        var notify = new NotifyHarness();
        foreach (var recipient in happened.Recipients)
        {
            await notify.AddRecipientAsync(recipient);
        }
        await notify.DispatchAsync(notify.Record(happened));
        return notify;
    }

    private static Task SendAsync(NotifyHarness notify, string message) =>
        notify.Get<SendPipeline>().HandleAsync(Channel.Push, message, CancellationToken.None);

    // The process dies at the provider: its request never returns, and nothing of it is ever recorded.
    private static Task SendDyingAsync(NotifyHarness notify, string message)
    {
        notify.Senders[Channel.Push].Meanwhile = _ => new TaskCompletionSource().Task;
        return SendAsync(notify, message);
    }

    private static async Task<string> TakeMessageAsync(NotifyHarness notify, string queue)
    {
        var lease = Assert.Single(await notify.Backends.Queues.ReceiveAsync(queue, 32, TimeSpan.FromDays(1), CancellationToken.None));
        await notify.Backends.Queues.DeleteAsync(lease, CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString(lease.Body!.Value.Span);
    }

    // The quick tries wait by the clock, so it has to move while they run.
    private static async Task RunWithTimeAsync(NotifyHarness notify)
    {
        var running = notify.RunLaneAsync(Channel.Push, urgent: true);
        while (!running.IsCompleted)
        {
            notify.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }
        await running;
    }
}
