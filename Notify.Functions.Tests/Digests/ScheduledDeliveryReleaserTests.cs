using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Notify.Functions.Cancellation;
using Notify.Functions.Contract;
using Notify.Functions.Digests;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Digests;

public sealed class ScheduledDeliveryReleaserTests
{
    [Fact]
    public async Task What_is_to_be_sent_tomorrow_is_sent_tomorrow_and_not_before()
    {
        using var notify = await DeferredAsync(TimeSpan.FromDays(1));
        var waits = await notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal(("pending", "deferred until 2026-03-05T12:00:00Z: send_at", notify.Clock.GetUtcNow().AddDays(1)),
            (waits.Status, waits.Reason, waits.Due));

        notify.Clock.Advance(TimeSpan.FromHours(23.5));
        await TickAsync(notify);
        Assert.Empty(notify.Senders[Channel.Push].Targets);
        notify.Clock.Advance(TimeSpan.FromMinutes(20));
        await TickAsync(notify);
        Assert.Empty(notify.Senders[Channel.Push].Targets);
        notify.Clock.Advance(TimeSpan.FromMinutes(10));
        await notify.RunQueuesAsync();

        Assert.Equal(["token-user_1"], Assert.Single(notify.Senders[Channel.Push].Targets).Addresses);
        Assert.Equal("sent", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
        Assert.Empty(await DueRowsAsync(notify));
    }

    [Fact]
    public async Task A_short_wait_is_spent_in_the_lane_and_needs_no_timer()
    {
        using var notify = await DeferredAsync(TimeSpan.FromMinutes(15));
        Assert.Empty(await DueRowsAsync(notify));

        notify.Clock.Advance(TimeSpan.FromMinutes(14));
        await notify.RunQueuesAsync();
        Assert.Empty(notify.Senders[Channel.Push].Targets);
        notify.Clock.Advance(TimeSpan.FromMinutes(1));
        await notify.RunQueuesAsync();

        Assert.Single(notify.Senders[Channel.Push].Targets);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    public async Task Dispatching_it_again_defers_it_once(int minutes)
    {
        var happened = Event(TimeSpan.FromMinutes(minutes));
        using var notify = await DeferredAsync(TimeSpan.FromMinutes(minutes));
        notify.Clock.Advance(TimeSpan.FromMinutes(5));
        await notify.DispatchAsync(notify.Record(happened, offset: 0));

        await TickAsync(notify);
        notify.Clock.Advance(TimeSpan.FromMinutes(minutes));
        await TickAsync(notify);
        await TickAsync(notify);

        Assert.Single(notify.Senders[Channel.Push].Targets);
    }

    [Fact]
    public async Task A_timer_that_comes_late_sends_at_once()
    {
        using var notify = await DeferredAsync(TimeSpan.FromHours(1));

        notify.Clock.Advance(TimeSpan.FromHours(5));
        await TickAsync(notify);

        Assert.Single(notify.Senders[Channel.Push].Targets);
    }

    [Fact]
    public async Task A_run_that_dies_after_it_has_enqueued_sends_nothing_twice()
    {
        using var notify = await DeferredAsync(TimeSpan.FromHours(1));
        notify.Clock.Advance(TimeSpan.FromHours(1));
        notify.Tables.BeforeWrite = (_, writes) => writes.Any(write => write.Kind == TableWriteKind.Delete)
            ? throw new IOException("dies")
            : Task.CompletedTask;
        await Assert.ThrowsAsync<IOException>(() => TickAsync(notify));
        notify.Tables.BeforeWrite = FaultyTables.Nothing;
        Assert.Single(await DueRowsAsync(notify));

        await TickAsync(notify);
        notify.Clock.Advance(TimeSpan.FromMinutes(11));
        await TickAsync(notify);

        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Empty(await DueRowsAsync(notify));
    }

    [Fact]
    public async Task What_was_decided_by_rules_of_a_while_ago_is_decided_again()
    {
        using var notify = await DeferredAsync(TimeSpan.FromHours(1));
        notify.Clock.Advance(TimeSpan.FromHours(1));
        notify.Tables.BeforeRead = table =>
        {
            if (table == TableNames.Recipients)
            {
                // Stopped, after the rules were asked for.
                notify.Tables.BeforeRead = _ => { };
                notify.Clock.Advance(TimeSpan.FromHours(3));
            }
        };

        await TickAsync(notify);
        Assert.Empty(notify.Senders[Channel.Push].Targets);
        Assert.Single(await DueRowsAsync(notify));

        await TickAsync(notify);
        Assert.Single(notify.Senders[Channel.Push].Targets);
    }

    [Fact]
    public async Task What_is_put_off_once_more_comes_back_only_if_nobody_has_taken_it_away()
    {
        using var notify = await DeferredAsync(TimeSpan.FromHours(1));
        var table = notify.Get<DeliveryTable>();
        var item = (await KeyedHashes.Partitions.ToAsyncEnumerable()
            .SelectMany(partition => table.DueItemsAsync(partition, notify.Clock.GetUtcNow().AddDays(1), CancellationToken.None))
            .ToListAsync()).Single();

        await table.PutOffAsync(item, item.Due.AddHours(1), CancellationToken.None);
        await table.PutOffAsync(item, item.Due.AddHours(2), CancellationToken.None);
        Assert.Equal(item.Due.AddHours(1), Assert.Single(await DueRowsAsync(notify)).Time("due"));

        await table.DeleteWaitingAsync(item.Delivery.RecipientHash, CancellationToken.None);
        await table.PutOffAsync(item with { Due = item.Due.AddHours(1) }, item.Due.AddHours(3), CancellationToken.None);
        Assert.Empty(await DueRowsAsync(notify));
    }

    [Fact]
    public async Task What_is_cancelled_while_it_waits_is_not_sent()
    {
        using var notify = await DeferredAsync(TimeSpan.FromHours(1));

        await notify.Get<EventCancellation>().CancelAsync(new CancellationScope(null, "e1", null, null), CancellationToken.None);
        notify.Clock.Advance(TimeSpan.FromHours(1));
        await TickAsync(notify);

        Assert.Empty(notify.Senders[Channel.Push].Targets);
        Assert.Equal("cancelled", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
        Assert.Empty(await DueRowsAsync(notify));
    }

    [Fact]
    public async Task The_address_of_the_day_counts_and_where_there_is_none_it_is_said()
    {
        using var notify = await DeferredAsync(TimeSpan.FromHours(1));
        await notify.DispatchAsync(notify.Record(Event(TimeSpan.FromHours(1)) with { Id = "e2", Channels = [Channel.Email] }));

        await notify.Get<TableRecipientDirectory>()
            .PutAsync(new RecipientProfile { Id = "user_1", PushTokens = ["new-phone"] }, CancellationToken.None);
        notify.Clock.Advance(TimeSpan.FromHours(1));
        await TickAsync(notify);

        Assert.Equal(["new-phone"], Assert.Single(notify.Senders[Channel.Push].Targets).Addresses);
        Assert.Empty(notify.Senders[Channel.Email].Targets);
        var withheld = await notify.ReadOnlyDeliveryAsync("e2");
        Assert.Equal(("suppressed", "no_address"), (withheld.Status, withheld.Reason));
        Assert.Equal(["decided", "suppressed"], withheld.Timeline.Select(entry => entry.Fact));
    }

    [Fact]
    public async Task What_is_due_after_a_digest_window_waits_for_the_window_after_it()
    {
        using var notify = await DeferredAsync(TimeSpan.FromHours(1), happened =>
            happened with { Priority = Priority.Low, Channels = [Channel.Email] });

        Assert.Equal("batched", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
        notify.Clock.Advance(TimeSpan.FromHours(1));
        await TickAsync(notify);
        Assert.Empty(notify.Senders[Channel.Email].Targets);
        notify.Clock.Advance(TimeSpan.FromMinutes(5));
        await TickAsync(notify);

        Assert.Single(notify.Senders[Channel.Email].Targets);
    }

    private static NotificationEvent Event(TimeSpan wait) =>
        TestEvents.Alert() with { SendAt = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero) + wait };

    private static async Task<NotifyHarness> DeferredAsync(TimeSpan wait, Func<NotificationEvent, NotificationEvent>? change = null)
    {
        var notify = new NotifyHarness(configure: services => services.Replace(ServiceDescriptor.Singleton<IDispatchCache, NoCache>()));
        await notify.AddRecipientAsync("user_1");
        await notify.DispatchAsync(notify.Record((change ?? (same => same))(Event(wait))));
        await notify.RunQueuesAsync();
        return notify;
    }

    private static async Task TickAsync(NotifyHarness notify)
    {
        await notify.Get<DigestSchedule>().EnqueueDueAsync(openToo: false, CancellationToken.None);
        await notify.RunQueuesAsync();
    }

    private static async Task<IReadOnlyList<TableRow>> DueRowsAsync(NotifyHarness notify) =>
        await KeyedHashes.Partitions.ToAsyncEnumerable()
            .SelectMany(partition => notify.Tables.QueryAsync(TableNames.Deliveries, partition, "!d|", "!d|~", CancellationToken.None))
            .ToListAsync();

    /// <summary>A cache that remembers nothing, so that what is dispatched again comes down to the ledger.</summary>
    private sealed class NoCache : IDispatchCache
    {
        public Task<CacheAnswer> AskAsync(
            IReadOnlyList<string> keys, IReadOnlyList<ThrottleTicket> tickets, CancellationToken cancellationToken) =>
            Task.FromResult(new CacheAnswer([.. keys.Select(_ => (string?)null)], [.. tickets.Select(_ => true)]));

        public Task MarkAsync(IReadOnlyList<KeyValuePair<string, string>> entries, TimeSpan ttl, CancellationToken cancellationToken) =>
            Task.CompletedTask;
    }
}
