using Notify.Functions.Contract;
using Notify.Functions.Dispatch;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Dispatch;

public sealed class DispatchTests
{
    [Fact]
    public async Task Decides_enqueues_sends_and_shows_what_became_of_it()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");

        await notify.DispatchAsync(notify.Record(TestEvents.Alert()));
        Assert.Equal("pending", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
        await notify.RunQueuesAsync();

        var delivery = await notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal(("sent", "push", "user_1", "fcm", 1),
            (delivery.Status, delivery.Channel, delivery.Recipient, delivery.Provider, delivery.Attempts));
        Assert.Equal(["decided", "claimed", "sent"], delivery.Timeline.Select(entry => entry.Fact));
        var target = Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Equal(["token-user_1"], target.Addresses);
        Assert.Equal(delivery.Id + "~1", target.AttemptId);
    }

    [Fact]
    public async Task Each_recipient_and_channel_gets_a_decision_with_a_reason()
    {
        using var notify = new NotifyHarness(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Notify:Channels:sms:Enabled"] = "false" });
        await notify.AddRecipientAsync("user_1");
        var happened = TestEvents.Alert() with
        {
            Recipients = ["user_1", "stranger", "mailto:jane@example.com"],
            Channels = [Channel.Email, Channel.Sms, Channel.Push, Channel.InApp]
        };

        await notify.DispatchAsync(notify.Record(happened));
        await notify.RunQueuesAsync();

        var view = await notify.ReadAsync("e1");
        Assert.Equal(
            [
                "mailto:jane@example.com email sent sent", "mailto:jane@example.com in_app suppressed no_address",
                "mailto:jane@example.com push suppressed no_address",
                "mailto:jane@example.com sms suppressed channel_disabled", "stranger email suppressed unknown_recipient",
                "stranger in_app suppressed unknown_recipient",
                "stranger push suppressed unknown_recipient", "stranger sms suppressed channel_disabled", "user_1 email sent sent",
                "user_1 in_app delivered delivered",
                "user_1 push sent sent", "user_1 sms suppressed channel_disabled",
            ],
            view.Deliveries.Select(one => $"{one.Recipient} {one.Channel} {one.Status} {one.Reason}").Order(StringComparer.Ordinal));
        Assert.Equal(12, view.Counts.Values.Sum());
    }

    [Fact]
    public async Task Too_late_an_event_expires_and_nothing_is_enqueued()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");

        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { ExpiresAt = notify.Clock.GetUtcNow() }));

        Assert.Equal(("expired", "expired"),
            ((await notify.ReadOnlyDeliveryAsync("e1")).Status, (await notify.ReadOnlyDeliveryAsync("e1")).Reason));
        Assert.Equal(0, await notify.Backends.Queues.CountAsync(ChannelQueues.PushUrgent, CancellationToken.None));
    }

    [Theory]
    [InlineData(Cache.There)]
    [InlineData(Cache.Flushed)]
    [InlineData(Cache.Away)]
    public async Task The_same_record_again_sends_nothing_again(Cache cache)
    {
        using var notify = ChangingCache.Harness(cache, out var flush);
        await notify.AddRecipientAsync("user_1");
        var record = notify.Record(TestEvents.Alert());

        await notify.DispatchAsync(record);
        flush();
        await notify.DispatchAsync(record);
        await notify.RunQueuesAsync();
        flush();
        await notify.DispatchAsync(record);
        await notify.RunQueuesAsync();

        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Equal(1, (await notify.ReadOnlyDeliveryAsync("e1")).Attempts);
        Assert.DoesNotContain(notify.Log.Lines, line => line.Contains("Duplicate event skipped", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Cache.There, true)]
    [InlineData(Cache.There, false)]
    [InlineData(Cache.Flushed, false)]
    [InlineData(Cache.Away, true)]
    [InlineData(Cache.Away, false)]
    public async Task An_event_with_the_key_of_another_is_a_duplicate_and_says_of_what(Cache cache, bool inOneBatch)
    {
        using var notify = ChangingCache.Harness(cache, out var flush);
        await notify.AddRecipientAsync("user_1");
        var first = notify.Record(TestEvents.Alert("first") with { DeduplicationKey = "k" });
        var second = notify.Record(TestEvents.Alert("second") with { DeduplicationKey = "k" });

        if (inOneBatch)
        {
            await notify.DispatchAsync(first, second);
        }
        else
        {
            await notify.DispatchAsync(first);
            flush();
            await notify.DispatchAsync(second);
        }
        await notify.RunQueuesAsync();

        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Equal("first", (await notify.ReadAsync("second")).DuplicateOf);
        Assert.Empty((await notify.ReadAsync("second")).Deliveries);
        Assert.Null((await notify.ReadAsync("first")).DuplicateOf);
        Assert.Single(notify.Log.Lines, line => line.Contains("Duplicate event skipped: second is first again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_lives_as_long_as_the_setting_says_and_no_longer()
    {
        using var notify = new NotifyHarness(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Notify:Deduplication:Ttl"] = "01:00:00" });
        await notify.AddRecipientAsync("user_1");

        await notify.DispatchAsync(notify.Record(TestEvents.Alert("a") with { DeduplicationKey = "k" }));
        notify.Clock.Advance(TimeSpan.FromMinutes(59));
        await notify.DispatchAsync(notify.Record(TestEvents.Alert("b") with { DeduplicationKey = "k" }));
        notify.Clock.Advance(TimeSpan.FromMinutes(2));
        await notify.DispatchAsync(notify.Record(TestEvents.Alert("c") with { DeduplicationKey = "k" }));
        await notify.DispatchAsync(notify.Record(TestEvents.Alert("d") with { DeduplicationKey = "k" }));

        Assert.Equal<IEnumerable<string?>>([null, "a", null, "c"],
            [(await notify.ReadAsync("a")).DuplicateOf, (await notify.ReadAsync("b")).DuplicateOf,
                (await notify.ReadAsync("c")).DuplicateOf, (await notify.ReadAsync("d")).DuplicateOf]);
    }

    [Theory]
    [InlineData(Cache.There)]
    [InlineData(Cache.Away)]
    public async Task The_first_event_of_an_id_stands_and_two_tenants_are_two(Cache cache)
    {
        using var notify = ChangingCache.Harness(cache, out _);
        await notify.AddRecipientAsync("user_1");
        await notify.AddRecipientAsync("user_1", "acme");

        await notify.DispatchAsync(notify.Record(TestEvents.Alert()));
        await notify.DispatchAsync(notify.Record(
            TestEvents.Alert() with { CreatedAt = notify.Clock.GetUtcNow(), Payload = TestEvents.Json("""{"message":"other"}""") }));
        await notify.DispatchAsync(notify.Record(
            TestEvents.Alert() with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }));
        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { Tenant = "acme" }));
        await notify.RunQueuesAsync();

        Assert.Equal(2, notify.Senders[Channel.Push].Targets.Count);
        Assert.DoesNotContain(notify.Senders[Channel.Push].Requests, request => request.Content.Text == "other");
        Assert.Equal("acme", (await notify.ReadAsync("e1", "acme")).Tenant);
        Assert.Contains(notify.Log.Lines, line => line.Contains("Duplicate event skipped: e1 is e1 again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bad_record_is_set_aside_with_its_reason_and_the_others_go_on()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");

        await notify.DispatchAsync(notify.Record("not json"), notify.Record(TestEvents.Alert()), notify.Record("{}"),
            notify.Record(new string('x', 300_000)));
        await notify.RunQueuesAsync();

        Assert.Single(notify.Senders[Channel.Push].Targets);
        var rejected = await RejectedAsync(notify);
        Assert.Equal(["missing", "not_json", "too_long"], rejected.Select(row => row.Text("cause")!).Order(StringComparer.Ordinal));
        Assert.Contains(rejected, row => row.Large("value")!.AsSpan().SequenceEqual("not json"u8));
        Assert.Contains(rejected, row => row.Large("value")!.Length == 300_000);
        Assert.Contains(rejected, row => row.Text("faults")!.Contains("recipients", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_that_meets_a_fault_of_ours_is_set_aside_after_three_tries_of_its_own_and_the_others_go_on()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        var tries = 0;
        notify.Tables.BeforeWrite = (table, writes) =>
        {
            if (table == "events" && writes.Any(write => write.Row.Text("id") == "cursed"))
            {
                tries++;
                throw new InvalidOperationException("a fault of ours");
            }
            return Task.CompletedTask;
        };

        await notify.DispatchAsync(notify.Record(TestEvents.Alert()), notify.Record(TestEvents.Alert("cursed")),
            notify.Record(TestEvents.Alert("e3")));
        await notify.RunQueuesAsync();

        Assert.Equal(1 + 3, tries);
        Assert.Equal(2, notify.Senders[Channel.Push].Targets.Count);
        var row = Assert.Single(await RejectedAsync(notify));
        Assert.Equal("fault", row.Text("cause"));
    }

    [Fact]
    public async Task A_dispatcher_may_die_before_and_after_every_write_and_the_record_comes_again()
    {
        var writes = await CountWritesAsync();
        Assert.InRange(writes, 3, 50);
        for (var death = 0; death < writes; death++)
        {
            foreach (var afterwards in new[] { false, true })
            {
                using var notify = new NotifyHarness();
                await notify.AddRecipientAsync("user_1");
                await notify.AddRecipientAsync("user_2");
                var records = Records(notify);
                DieAt(notify, death, afterwards);
                await Assert.ThrowsAsync<OperationCanceledException>(() => notify.Get<DispatchBatchHandler>()
                    .RunAsync(records, CancellationToken.None));
                notify.Tables.BeforeWrite = notify.Tables.AfterWrite = FaultyTables.Nothing;

                await notify.DispatchAsync([.. records]);
                await notify.RunQueuesAsync();

                Assert.Equal(4, notify.Senders.Values.SelectMany(sender => sender.Targets).Count());
                Assert.All((await notify.ReadAsync("a")).Deliveries, one => Assert.Equal("sent", one.Status));
                Assert.Equal("a", (await notify.ReadAsync("b")).DuplicateOf);
            }
        }
    }

    [Fact]
    public async Task Storage_that_is_away_for_a_while_is_waited_out()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        var failures = 3;
        notify.Tables.BeforeWrite = (_, _) => failures-- > 0 ? throw new TimeoutException("away") : Task.CompletedTask;

        var dispatching = notify.DispatchAsync(notify.Record(TestEvents.Alert()));
        while (!dispatching.IsCompleted)
        {
            notify.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await dispatching;
        await notify.RunQueuesAsync();

        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Empty(await RejectedAsync(notify));
    }

    [Fact]
    public async Task Logs_name_no_recipient_address_and_no_payload()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        notify.Senders[Channel.Email].Answer = _ => new SendResult.Rejected("550");
        await notify.DispatchAsync(
            notify.Record(TestEvents.Alert() with
            {
                Channels = [Channel.Email, Channel.Sms, Channel.Push],
                Recipients = ["user_1", "mailto:jane@example.com", "tel:+15555550177"]
            }),
            notify.Record("""{"id":"x","payload":{"message":"Somebody signed in"},"recipients":["mailto:jane@example.com "]}"""));
        await notify.RunQueuesAsync();

        Assert.NotEmpty(notify.Log.Lines);
        Assert.DoesNotContain(notify.Log.Lines, line => line.Contains("example.com", StringComparison.Ordinal)
            || line.Contains("5555550", StringComparison.Ordinal) || line.Contains("token-", StringComparison.Ordinal)
            || line.Contains("signed in", StringComparison.Ordinal));
    }

    private static IncomingRecord[] Records(NotifyHarness notify)
    {
        var first = TestEvents.Alert("a") with
        {
            Recipients = ["user_1", "user_2"],
            Channels = [Channel.Push, Channel.Sms],
            DeduplicationKey = "k"
        };
        return [notify.Record(first), notify.Record(first with { Id = "b" })];
    }

    private static async Task<int> CountWritesAsync()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        await notify.AddRecipientAsync("user_2");
        var count = 0;
        notify.Tables.BeforeWrite = (_, _) => Task.FromResult(count++);
        await notify.DispatchAsync(Records(notify));
        return count;
    }

    private static void DieAt(NotifyHarness notify, int write, bool afterwards)
    {
        var count = 0;
        Task Count(string table, IReadOnlyList<TableWrite> writes) =>
            count++ == write ? throw new OperationCanceledException("died") : Task.CompletedTask;
        if (afterwards)
        {
            notify.Tables.AfterWrite = Count;
        }
        else
        {
            notify.Tables.BeforeWrite = Count;
        }
    }

    private static async Task<IReadOnlyList<TableRow>> RejectedAsync(NotifyHarness notify) =>
        await "0123456789abcdef".ToAsyncEnumerable()
            .SelectMany(partition => notify.Tables.QueryAsync("rejected", partition.ToString(), "0", "~", CancellationToken.None))
            .ToListAsync();
}
