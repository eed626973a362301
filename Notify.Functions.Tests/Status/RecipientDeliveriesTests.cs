using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Status;
using Notify.Functions.Tests.Cancellation;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Status;

public sealed class RecipientDeliveriesTests
{
    private static readonly DateTimeOffset Day = new(2026, 3, 4, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Everything_meant_for_one_recipient_stands_there_newest_first_with_its_reason()
    {
        using var notify = await Cancelling.HarnessAsync();
        notify.Senders[Channel.Email].Answer = target => new Notify.Functions.Sending.SendResult.Rejected("550 no such mailbox");
        await notify.DispatchAsync(
            notify.Record(TestEvents.Alert("old") with { CreatedAt = Day, Channels = [Channel.Email] }),
            notify.Record(TestEvents.Alert("new") with { CreatedAt = Day.AddHours(2), Recipients = ["user_2", "user_1"] }),
            notify.Record(TestEvents.Alert("late") with { CreatedAt = Day.AddHours(1), ExpiresAt = Day.AddHours(1) }),
            notify.Record(TestEvents.Alert("other") with { Recipients = ["user_2"] }));
        await notify.RunQueuesAsync();

        var page = await ReadAsync(notify, new RecipientQuery(null, "user_1"));

        Assert.Equal(["new push sent sent", "late push expired expired", "old email failed 550 no such mailbox"],
            page.Items.Select(one => $"{one.EventId} {one.Channel} {one.Status} {one.Reason}"));
        Assert.Equal(["decided", "claimed", "failed"], page.Items[2].Timeline.Select(entry => entry.Fact));
        Assert.Null(page.Next);
        Assert.Empty((await ReadAsync(notify, new RecipientQuery("acme", "user_1"))).Items);
        Assert.Empty((await ReadAsync(notify, new RecipientQuery(null, "stranger"))).Items);
    }

    [Fact]
    public async Task Channel_and_status_choose()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.DispatchAsync(notify.Record(TestEvents.Alert("a") with { Channels = [Channel.Email, Channel.Push] }),
            notify.Record(TestEvents.Alert("b") with { Channels = [Channel.Push] }));
        await notify.CancelAsync(id: "b");
        await notify.RunQueuesAsync();

        Assert.Equal(["a push", "b push"], Names(await ReadAsync(notify, new RecipientQuery(null, "user_1", Channel.Push))));
        Assert.Equal(["b push"], Names(await ReadAsync(notify, new RecipientQuery(null, "user_1", Status: DeliveryStatus.Cancelled))));
        Assert.Equal(["a push"], Names(await ReadAsync(notify, new RecipientQuery(null, "user_1", Channel.Push, DeliveryStatus.Sent))));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_or_a_repetition_while_new_ones_come_in()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.DispatchAsync([.. Enumerable.Range(0, 25)
            .Select(n => notify.Record(TestEvents.Alert("e" + n) with { CreatedAt = Day.AddMinutes(n) }))]);
        // Twelve attempts, so that their rows stand before and behind each other.
        notify.Senders[Channel.Push].Answer = _ => new Notify.Functions.Sending.SendResult.Unavailable("503", TimeSpan.FromMinutes(1));
        await notify.RunToTheEndAsync();

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await ReadAsync(notify, new RecipientQuery(null, "user_1"), cursor, 10);
            Assert.InRange(page.Items.Count, 1, 10);
            Assert.All(page.Items, one => Assert.Equal(5, one.Attempts));
            seen.AddRange(page.Items.Select(one => one.EventId!));
            await notify.DispatchAsync(notify.Record(TestEvents.Alert("later" + seen.Count) with { CreatedAt = Day.AddDays(1) }));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(n => "e" + n), seen);
    }

    [Fact]
    public async Task A_call_looks_at_so_many_and_no_more_and_the_next_goes_on()
    {
        using var notify = new NotifyHarness();
        var hash = notify.Get<KeyedHashes>().RecipientHash(null, "user_1");
        var rows = Enumerable.Range(0, RecipientDeliveries.LookedAt + 5).Select(n => new DecisionRow
        {
            Id = new DeliveryId(hash, Day.AddSeconds(n), notify.Get<KeyedHashes>().EventHash(null, "e" + n), Channel.Push),
            EventId = "e" + n,
            Recipient = "user_1",
            Priority = Priority.High,
            Type = EventType.Alert,
            Decision = n == 0 ? Decision.Cancel : Decision.Send,
            At = Day,
        });
        await notify.Get<DeliveryTable>().InsertDecisionsAsync(rows.Select(row => new NewDecision(row)), CancellationToken.None);
        var query = new RecipientQuery(null, "user_1", Status: DeliveryStatus.Cancelled);

        var first = await ReadAsync(notify, query);
        var second = await ReadAsync(notify, query, first.Next);

        Assert.Empty(first.Items);
        Assert.NotNull(first.Next);
        Assert.Equal("e0", Assert.Single(second.Items).EventId);
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task A_digest_stands_beside_what_it_holds()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.DispatchAsync(notify.Record(Cancelling.Batched));
        await notify.RunToTheEndAsync();

        var items = (await ReadAsync(notify, new RecipientQuery(null, "user_1"))).Items;

        Assert.Equal(["sent", "sent"], items.Select(one => one.Status));
        var digest = items.Single(one => one.Digest is null);
        Assert.Equal((digest.Id, digest.Id), (digest.EventId, items.Single(one => one.EventId == "e1").Digest));
    }

    private static Task<DeliveryPage> ReadAsync(NotifyHarness notify, RecipientQuery query, string? cursor = null, int take = 50)
    {
        Assert.True(cursor is null || notify.Get<RecipientDeliveries>().IsCursor(query, cursor));
        return notify.Get<RecipientDeliveries>().ReadAsync(query, cursor, take, CancellationToken.None);
    }

    private static IEnumerable<string> Names(DeliveryPage page) =>
        page.Items.Select(one => $"{one.EventId} {one.Channel}").Order(StringComparer.Ordinal);
}
