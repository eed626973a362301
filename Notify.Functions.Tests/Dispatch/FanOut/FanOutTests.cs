using Notify.Functions.Cancellation;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Status;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Dispatch.FanOut;

public sealed class FanOutTests
{
    private static readonly NotificationEvent Sale = TestEvents.Alert("sale") with { Recipients = ["topic:offers"] };

    [Fact]
    public async Task Every_subscriber_gets_one_and_nobody_else_does()
    {
        using var notify = await WithSubscribersAsync(500);
        await notify.AddRecipientAsync("stranger");

        await notify.DispatchAsync(notify.Record(Sale));
        Assert.Empty(notify.Senders[Channel.Push].Targets);
        await notify.RunQueuesAsync();

        Assert.Equal(Names(500), notify.Senders[Channel.Push].Targets.Select(target => target.Recipient).Order(StringComparer.Ordinal));
        var topic = Assert.Single((await notify.ReadAsync("sale")).Topics);
        Assert.Equal(("offers", true, 500L, "send 500"), (topic.Topic, topic.Done, topic.Recipients, Text(topic)));
    }

    [Fact]
    public async Task Who_is_named_and_has_subscribed_to_two_topics_gets_one()
    {
        using var notify = await WithSubscribersAsync(3);
        await notify.Get<TopicSubscribers>().SubscribeAsync(null, "news", ["user_000", "user_001"], CancellationToken.None);
        await notify.AddRecipientAsync("user_9");

        await notify.DispatchAsync(notify.Record(Sale with { Recipients = ["user_9", "topic:offers", "topic:news", "user_000"] }));
        await notify.RunQueuesAsync();

        Assert.Equal(["user_000", "user_001", "user_002", "user_9"], notify.Senders[Channel.Push].Targets.Select(target => target.Recipient)
            .Order(StringComparer.Ordinal));
        Assert.Equal(["user_000 sent", "user_001 sent", "user_002 sent", "user_9 sent"],
            (await AllPagesAsync(notify, "sale")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_subscriber_is_decided_by_the_same_rules_as_one_who_is_named()
    {
        using var notify = await WithSubscribersAsync(2);
        await notify.Get<TopicSubscribers>()
            .SubscribeAsync(null, "offers", ["stranger", "mailto:jane@example.com"], CancellationToken.None);

        await notify.DispatchAsync(notify.Record(Sale));
        await notify.RunQueuesAsync();

        Assert.Equal(
            ["mailto:jane@example.com suppressed", "stranger suppressed", "user_000 sent", "user_001 sent"],
            (await AllPagesAsync(notify, "sale")).Order(StringComparer.Ordinal));
        Assert.Equal("send 2, suppress 2", Text(Assert.Single((await notify.ReadAsync("sale")).Topics)));
    }

    [Fact]
    public async Task Low_events_to_a_topic_wait_in_the_digests_of_its_subscribers()
    {
        using var notify = await WithSubscribersAsync(3);

        await notify.DispatchAsync(notify.Record(
            Sale with { Priority = Priority.Low, Type = EventType.Marketing, Channels = [Channel.Email] }));
        await notify.RunQueuesAsync();

        Assert.Equal("batch 3", Text(Assert.Single((await notify.ReadAsync("sale")).Topics)));
        Assert.Equal(3, (await AllPagesAsync(notify, "sale")).Count(line => line.EndsWith(" batched", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Tenants_topics_of_one_name_are_different_topics()
    {
        using var notify = await WithSubscribersAsync(2);
        await notify.AddRecipientAsync("user_000", "acme");
        await notify.Get<TopicSubscribers>().SubscribeAsync("acme", "offers", ["user_000"], CancellationToken.None);

        await notify.DispatchAsync(notify.Record(Sale with { Tenant = "acme" }));
        await notify.RunQueuesAsync();

        Assert.Equal("user_000", Assert.Single(notify.Senders[Channel.Push].Targets).Recipient);
    }

    [Fact]
    public async Task A_topic_without_subscribers_is_done_at_once()
    {
        using var notify = await WithSubscribersAsync(0);

        await notify.DispatchAsync(notify.Record(Sale));
        await notify.RunQueuesAsync();

        Assert.Equal(("offers", true, 0L), Progress(await notify.ReadAsync("sale")));
    }

    [Fact]
    public async Task Orders_that_come_twice_and_at_once_decide_and_count_once()
    {
        using var notify = await WithSubscribersAsync(300);
        await notify.DispatchAsync(notify.Record(Sale));
        var range = notify.Get<FanOutHandler>();

        await Task.WhenAll(KeyedHashes.Partitions.SelectMany(partition => Enumerable.Range(0, 3).Select(_ =>
            range.DecideAsync(new FanOutCommand(null, "sale", "offers", partition, FanOutStep.Decide), CancellationToken.None))));
        await notify.RunQueuesAsync();

        Assert.Equal(300, notify.Senders[Channel.Push].Targets.Count);
        Assert.Equal(("offers", true, 300L), Progress(await notify.ReadAsync("sale")));
    }

    [Theory]
    [InlineData(TableNames.Deliveries, true)]
    [InlineData(TableNames.Deliveries, false)]
    [InlineData(TableNames.Events, true)]
    [InlineData(TableNames.Events, false)]
    public async Task A_range_that_dies_around_a_write_goes_on_where_it_was(string table, bool before)
    {
        // One range of several pages: 16 × 200 subscribers would be slow, so all of them stand in one.
        using var notify = new NotifyHarness();
        var crowd = Crowd(notify, "3", 450);
        await notify.Get<TopicSubscribers>().SubscribeAsync(null, "offers", crowd, CancellationToken.None);
        await notify.DispatchAsync(notify.Record(Sale with { Channels = [Channel.Email] }));
        var command = new FanOutCommand(null, "sale", "offers", "3", FanOutStep.Decide);
        var random = new Random(20260304);

        // Dies at every third write or so, for as long as it takes; by anything but a fault of the infrastructure, which would be waited
        // out.
        Task Die(string written, IReadOnlyList<TableWrite> _) =>
            written == table && random.Next(3) == 0 ? throw new InvalidOperationException("dies") : Task.CompletedTask;
        (before
            ? (Action<Func<string, IReadOnlyList<TableWrite>, Task>>)(act => notify.Tables.BeforeWrite = act)
            : act => notify.Tables.AfterWrite = act)(Die);
        var deaths = 0;
        while (true)
        {
            try
            {
                await notify.Get<FanOutHandler>().DecideAsync(command, CancellationToken.None);
                break;
            }
            catch (InvalidOperationException)
            {
                Assert.True(++deaths < 100, "It does not get on.");
            }
        }
        (notify.Tables.BeforeWrite, notify.Tables.AfterWrite) = (FaultyTables.Nothing, FaultyTables.Nothing);
        await notify.RunQueuesAsync();

        Assert.True(deaths > 0);
        Assert.Equal(crowd.Order(StringComparer.Ordinal), notify.Senders[Channel.Email].Targets.Select(target => target.Recipient)
            .Order(StringComparer.Ordinal));
        Assert.Equal(("offers", true, 450L), Progress(await notify.ReadAsync("sale")));
    }

    [Fact]
    public async Task A_long_range_goes_on_in_a_message_of_its_own()
    {
        using var notify = new NotifyHarness();
        var crowd = Crowd(notify, "c", (100 * FanOutHandler.PageSize) + 1);
        await notify.Get<TopicSubscribers>().SubscribeAsync(null, "offers", crowd, CancellationToken.None);
        await notify.DispatchAsync(notify.Record(Sale with { Channels = [Channel.Sms] }));

        await notify.Get<FanOutHandler>()
            .DecideAsync(new FanOutCommand(null, "sale", "offers", "c", FanOutStep.Decide), CancellationToken.None);
        Assert.Equal(("offers", false, 100L * FanOutHandler.PageSize), Progress(await notify.ReadAsync("sale")));
        await notify.RunQueuesAsync();

        Assert.Equal(("offers", true, (long)crowd.Count), Progress(await notify.ReadAsync("sale")));
    }

    [Fact]
    public async Task Cancelling_reaches_the_subscribers_too()
    {
        using var notify = await WithSubscribersAsync(40);
        await notify.DispatchAsync(notify.Record(Sale));
        foreach (var partition in KeyedHashes.Partitions.Take(8))
        {
            await notify.Get<FanOutHandler>()
                .DecideAsync(new FanOutCommand(null, "sale", "offers", partition, FanOutStep.Decide), CancellationToken.None);
        }

        var result = await notify.Get<EventCancellation>().CancelAsync(new CancellationScope(null, "sale", null, null),
            CancellationToken.None);
        Assert.Equal(["offers"], result.View!.Topics);
        await notify.RunQueuesAsync();

        Assert.Empty(notify.Senders[Channel.Push].Targets);
        Assert.Equal(40, (await AllPagesAsync(notify, "sale")).Count(line => line.EndsWith(" cancelled", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_subscriber_can_be_cancelled_alone_and_a_stranger_cannot()
    {
        using var notify = await WithSubscribersAsync(3);
        await notify.DispatchAsync(notify.Record(Sale));
        var cancellation = notify.Get<EventCancellation>();

        var one = await cancellation.CancelAsync(new CancellationScope(null, "sale", "user_001", null), CancellationToken.None);
        var none = await cancellation.CancelAsync(new CancellationScope(null, "sale", "stranger", null), CancellationToken.None);
        await notify.RunQueuesAsync();

        Assert.Equal((1, CancellationFault.NoSuchDelivery), (one.View!.Cancelled, none.Fault));
        Assert.Equal(["user_000", "user_002"], notify.Senders[Channel.Push].Targets.Select(target => target.Recipient)
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_was_cancelled_before_it_came_is_decided_so_for_every_subscriber()
    {
        using var notify = await WithSubscribersAsync(5);
        await notify.Get<EventCancellation>().CancelAsync(new CancellationScope(null, "sale", null, null), CancellationToken.None);

        await notify.DispatchAsync(notify.Record(Sale));
        await notify.RunQueuesAsync();

        Assert.Equal("cancel 5", Text(Assert.Single((await notify.ReadAsync("sale")).Topics)));
        Assert.Empty(notify.Senders[Channel.Push].Targets);
    }

    private static async Task<NotifyHarness> WithSubscribersAsync(int count)
    {
        var notify = new NotifyHarness();
        foreach (var name in Names(count))
        {
            await notify.AddRecipientAsync(name);
        }
        await notify.Get<TopicSubscribers>().SubscribeAsync(null, "offers", Names(count), CancellationToken.None);
        return notify;
    }

    private static List<string> Names(int count) => [.. Enumerable.Range(0, count).Select(n => $"user_{n:d3}")];

    // External addresses need no profile.
    private static List<string> Crowd(NotifyHarness notify, string partition, int count) =>
        [.. Enumerable.Range(0, int.MaxValue).Select(n => $"mailto:a{n}@example.com")
            .Where(name => KeyedHashes.PartitionOf(notify.Get<KeyedHashes>().RecipientHash(null, name)) == partition).Take(count)];

    private static (string Topic, bool Done, long Recipients) Progress(NotificationView view)
    {
        var topic = Assert.Single(view.Topics);
        return (topic.Topic, topic.Done, topic.Recipients);
    }

    private static string Text(TopicView topic) => string.Join(", ", topic.Decided.Select(pair => $"{pair.Key} {pair.Value}"));

    private static async Task<IReadOnlyList<string>> AllPagesAsync(NotifyHarness notify, string id)
    {
        var reader = notify.Get<NotificationReader>();
        var lines = new List<string>();
        var page = (await reader.FindAsync(null, id, 0, 2, CancellationToken.None))!;
        for (var pages = 0; ; pages++)
        {
            Assert.True(pages < 100, "The pages do not end.");
            lines.AddRange(page.Deliveries.Select(delivery => $"{delivery.Recipient} {delivery.Status}"));
            if (page.Next is null)
            {
                return lines;
            }
            page = (TopicCursor.TryParse(page.Next, out var cursor)
                ? await reader.FindAsync(null, id, cursor, 2, CancellationToken.None)
                : await reader.FindAsync(null, id, int.Parse(page.Next, System.Globalization.CultureInfo.InvariantCulture), 2,
                    CancellationToken.None))!;
        }
    }
}
