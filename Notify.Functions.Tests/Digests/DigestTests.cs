using Notify.Functions.Contract;
using Notify.Functions.Digests;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Digests;

public sealed class DigestTests
{
    [Fact]
    public async Task Ten_low_events_for_one_recipient_become_one_email_that_names_all_ten()
    {
        using var notify = await WithItemsAsync(10);
        Assert.All(await DeliveriesAsync(notify, 10), one =>
            Assert.Equal(("batched", "digest", null), (one.Status, one.Reason, one.Digest)));

        await TickAsync(notify);

        var request = Assert.Single(notify.Senders[Channel.Email].Requests);
        Assert.Equal("10 updates for you", request.Content.Title);
        Assert.All(Enumerable.Range(0, 10), n =>
            Assert.Contains($"Comment {n}: Text of comment {n}", request.Content.Text, StringComparison.Ordinal));
        var digest = Assert.Single((await DeliveriesAsync(notify, 10)).Select(one => one.Digest).Distinct());
        Assert.Equal(digest + "~1", Assert.Single(request.Targets).AttemptId);
        Assert.All(await DeliveriesAsync(notify, 10), one => Assert.Equal("sent", one.Status));
    }

    [Fact]
    public async Task A_window_that_is_open_waits_and_the_next_run_takes_it()
    {
        using var notify = await WithItemsAsync(1);

        await BuildAsync(notify);
        Assert.Empty(notify.Senders[Channel.Email].Requests);
        notify.Clock.Advance(TimeSpan.FromMinutes(4));
        await notify.DispatchAsync(notify.Record(Comment(1)));
        await TickAsync(notify);

        Assert.Equal("2 updates for you", Assert.Single(notify.Senders[Channel.Email].Requests).Content.Title);
    }

    [Fact]
    public async Task A_run_by_hand_closes_what_is_still_open()
    {
        using var notify = await WithItemsAsync(3);

        await BuildAsync(notify, openToo: true);

        Assert.Single(notify.Senders[Channel.Email].Requests);
    }

    [Fact]
    public async Task An_item_that_comes_after_its_window_was_closed_goes_into_the_next()
    {
        using var notify = await WithItemsAsync(2);
        await TickAsync(notify);
        await notify.DispatchAsync(notify.Record(Comment(2)));
        await TickAsync(notify);

        Assert.Equal(["2 updates for you", "Comment 2"], notify.Senders[Channel.Email].Requests.Select(request => request.Content.Title));
    }

    [Fact]
    public async Task Recipients_and_channels_have_digests_of_their_own()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        await notify.AddRecipientAsync("user_2");
        foreach (var n in Enumerable.Range(0, 4))
        {
            await notify.DispatchAsync(notify.Record(
                Comment(n) with { Recipients = ["user_1", "user_2"], Channels = [Channel.Email, Channel.InApp] }));
        }

        await TickAsync(notify);

        Assert.Equal(["user_1", "user_2"], notify.Senders[Channel.Email].Targets.Select(target => target.Recipient)
            .Order(StringComparer.Ordinal));
        var inbox = await notify.Get<Notify.Functions.Sending.InApp.Inbox>().ReadAsync(null, "user_2", null, 10, CancellationToken.None);
        Assert.Equal("4 updates for you", Assert.Single(inbox.Items).Title);
    }

    [Fact]
    public async Task More_items_than_fit_make_a_next_digest_and_none_is_lost()
    {
        using var notify = await WithItemsAsync(120);

        await TickAsync(notify);

        Assert.Equal([20, 50, 50], notify.Senders[Channel.Email].Requests.Select(request => request.Content.Text.Split('\n').Length)
            .Order());
        Assert.All(await DeliveriesAsync(notify, 120), one => Assert.NotNull(one.Digest));
    }

    [Fact]
    public async Task Items_too_large_for_one_message_are_spread_over_several()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        var random = new Random(7);
        foreach (var n in Enumerable.Range(0, 50))
        {
            string Noise(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next(0x4E00, 0x9FA5)));
            await notify.DispatchAsync(notify.Record(Comment(n) with
            {
                Payload = TestEvents.Json(System.Text.Json.JsonSerializer.Serialize(
                    new { title = Noise(150), message = Noise(300), url = "https://example.com/" + Noise(400) })),
            }));
        }

        await TickAsync(notify);

        Assert.InRange(notify.Senders[Channel.Email].Requests.Count, 2, 10);
        Assert.All(await DeliveriesAsync(notify, 50), one => Assert.NotNull(one.Digest));
    }

    [Fact]
    public async Task The_same_order_twice_and_two_runs_at_once_send_one_digest()
    {
        using var notify = await WithItemsAsync(10);
        notify.Clock.Advance(TimeSpan.FromMinutes(5));
        var order = new CloseDigestsCommand((await Rows(notify, "!i|")).Partition, notify.Clock.GetUtcNow());
        var closer = notify.Get<DigestBuilder>();
        var inside = 0;
        notify.Tables.BeforeWrite = async (_, writes) =>
        {
            // The other run does all of it between this run's reading and its transaction.
            if (writes.Any(write => write.Kind == TableWriteKind.Delete && write.Row.Key.StartsWith("!i|", StringComparison.Ordinal))
                && inside++ == 0)
            {
                await closer.CloseAsync(order, CancellationToken.None);
            }
        };

        await closer.CloseAsync(order, CancellationToken.None);
        await closer.CloseAsync(order, CancellationToken.None);
        await notify.RunQueuesAsync();

        Assert.True(inside > 1);
        Assert.Single(notify.Senders[Channel.Email].Targets);
    }

    [Fact]
    public async Task A_run_may_die_before_and_after_every_write_and_the_next_finishes_it()
    {
        for (var death = 0; death < 4; death++)
        {
            foreach (var afterwards in new[] { false, true })
            {
                using var notify = await WithItemsAsync(10);
                notify.Clock.Advance(TimeSpan.FromMinutes(5));
                var order = new CloseDigestsCommand((await Rows(notify, "!i|")).Partition, notify.Clock.GetUtcNow());
                var (count, target) = (0, death);
                Task Die(string table, IReadOnlyList<TableWrite> writes) =>
                    count++ == target ? throw new OperationCanceledException("died") : Task.CompletedTask;
                notify.Tables.BeforeWrite = afterwards ? FaultyTables.Nothing : Die;
                notify.Tables.AfterWrite = afterwards ? Die : FaultyTables.Nothing;
                var died = await Record.ExceptionAsync(() => notify.Get<DigestBuilder>().CloseAsync(order, CancellationToken.None));
                notify.Tables.BeforeWrite = notify.Tables.AfterWrite = FaultyTables.Nothing;
                Assert.Equal(death < 3, died is OperationCanceledException);

                await TickAsync(notify);
                notify.Clock.Advance(TimeSpan.FromMinutes(2));
                await notify.RunQueuesAsync();

                Assert.Single(notify.Senders[Channel.Email].Targets);
                Assert.Single((await DeliveriesAsync(notify, 10)).Select(one => one.Digest).Distinct(), digest => digest is not null);
                Assert.Equal(0, (await Rows(notify, "!")).Count);
            }
        }
    }

    [Fact]
    public async Task A_record_that_comes_again_in_a_later_window_is_not_shown_twice()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        var record = notify.Record(Comment(0));
        await notify.Get<Notify.Functions.Dispatch.DispatchBatchHandler>().RunAsync([record], CancellationToken.None);
        notify.Clock.Advance(TimeSpan.FromDays(2));
        await notify.DispatchAsync(record);

        await TickAsync(notify);
        await TickAsync(notify);

        Assert.Single(notify.Senders[Channel.Email].Requests);
    }

    [Theory]
    [InlineData(EventType.Transactional, Priority.Low, Channel.Email)]
    [InlineData(EventType.Transactional, Priority.Normal, Channel.InApp)]
    [InlineData(EventType.Alert, Priority.Critical, Channel.Email)]
    [InlineData(EventType.Marketing, Priority.High, Channel.Email)]
    [InlineData(EventType.Alert, Priority.Low, Channel.Sms)]
    [InlineData(EventType.Marketing, Priority.Normal, Channel.Push)]
    public async Task What_must_not_wait_is_never_batched(EventType type, Priority priority, Channel channel)
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");

        await notify.DispatchAsync(notify.Record(Comment(0) with { Type = type, Priority = priority, Channels = [channel] }));

        Assert.Equal("pending", (await notify.ReadOnlyDeliveryAsync("c0")).Status);
        Assert.Equal(1, await notify.Backends.Queues.CountAsync(ChannelQueues.QueueFor(channel, priority.IsUrgent()),
            CancellationToken.None));
    }

    [Theory]
    [InlineData("2026-03-04T12:00:00Z", "2026-03-04T12:05:00Z")]
    [InlineData("2026-03-04T12:04:59.999Z", "2026-03-04T12:05:00Z")]
    [InlineData("2026-12-31T23:59:00Z", "2027-01-01T00:00:00Z")]
    public void A_window_ends_at_the_next_whole_five_minutes(string now, string end) =>
        Assert.Equal(Time(end), DigestItem.WindowEndAfter(Time(now), TimeSpan.FromMinutes(5)));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static NotificationEvent Comment(int n) => TestEvents.Alert("c" + n) with
    {
        Priority = Priority.Low,
        Channels = [Channel.Email],
        Category = n % 2 == 0 ? "comments" : null,
        Payload = TestEvents.Json($$"""{"title":"Comment {{n}}","message":"Text of comment {{n}}"}"""),
    };

    private static async Task<NotifyHarness> WithItemsAsync(int count)
    {
        var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        await notify.DispatchAsync([.. Enumerable.Range(0, count).Select(n => notify.Record(Comment(n)))]);
        return notify;
    }

    private static async Task TickAsync(NotifyHarness notify)
    {
        notify.Clock.Advance(TimeSpan.FromMinutes(5));
        await BuildAsync(notify);
    }

    private static async Task BuildAsync(NotifyHarness notify, bool openToo = false)
    {
        await notify.Get<DigestSchedule>().EnqueueDueAsync(openToo, CancellationToken.None);
        await notify.RunQueuesAsync();
    }

    private static async Task<IReadOnlyList<DeliveryView>> DeliveriesAsync(NotifyHarness notify, int count)
    {
        var all = new List<DeliveryView>();
        foreach (var n in Enumerable.Range(0, count))
        {
            all.Add(await notify.ReadOnlyDeliveryAsync("c" + n));
        }
        return all;
    }

    private static async Task<(string Partition, int Count)> Rows(NotifyHarness notify, string prefix)
    {
        var (last, count) = (string.Empty, 0);
        foreach (var partition in KeyedHashes.Partitions)
        {
            await foreach (var row in notify.Tables.QueryAsync(TableNames.Deliveries, partition, prefix, prefix + "~",
                CancellationToken.None))
            {
                (last, count) = (row.Partition, count + 1);
            }
        }
        return (last, count);
    }
}
