using Notify.Functions.Contract;
using Notify.Functions.Erasure;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Cancellation;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Digests;

/// <summary>A digest shows what may be sent when it is sent, and not what might have been sent when its items were decided.</summary>
public sealed class DigestRulesTests
{
    /// <summary>
    /// What happens to <c>gone</c> while it waits, and what its delivery says then. <c>stays</c> is of another category and has no end.
    /// </summary>
    public static TheoryData<string, string, bool> Happenings { get; } = new()
    {
        { "expires", "expired expired", true },
        { "category refused", "suppressed opted_out_of_category", true },
        { "category refused on the channel", "suppressed opted_out_of_category_on_channel", true },
        { "unsubscribed by a link", "suppressed unsubscribed", true },
        { "topic refused", "suppressed opted_out_of_topic", true },
        { "channel refused", "suppressed opted_out_of_channel", false },
        { "everything refused", "suppressed opted_out", false },
        { "recipient erased", "suppressed erased", false },
        { "address suppressed", "suppressed suppressed_address", false },
        { "address gone", "suppressed no_address", false },
        { "channel switched off", "suppressed channel_disabled", false },
    };

    [Theory]
    [MemberData(nameof(Happenings))]
    public async Task What_is_forbidden_when_its_window_ends_is_left_out_with_its_reason(string happening, string fate, bool othersGo)
    {
        using var notify = await WaitingAsync();

        using var later = await HappenAsync(notify, happening);
        await later.CloseAndSendAsync();

        await AssertAsync(later, fate, othersGo);
        Assert.Equal(0, await WaitingRowsAsync(later));
    }

    [Theory]
    [MemberData(nameof(Happenings))]
    public async Task What_is_forbidden_when_its_digest_comes_to_be_sent_is_left_out_with_its_reason(
        string happening, string fate, bool othersGo)
    {
        using var notify = await WaitingAsync();
        await notify.CloseAsync();

        using var later = await HappenAsync(notify, happening);
        await later.RunQueuesAsync();

        await AssertAsync(later, fate, othersGo);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_forbidden_while_its_digest_waits_for_another_attempt_is_not_in_that_attempt(bool dies)
    {
        using var notify = await WaitingAsync();
        var email = notify.Senders[Channel.Email];
        email.Answer = _ => new SendResult.Unavailable("503", TimeSpan.FromMinutes(10));
        await notify.CloseAndSendAsync();

        await notify.ChooseAsync(PreferenceKeys.OfCategory("news"));
        email.Answer = target => new SendResult.Accepted("m-" + target.AttemptId);
        if (dies)
        {
            notify.Tables.AfterWrite = (_, writes) => writes.Any(write => write.Row.Has("suppressedAt"))
                ? throw new OperationCanceledException("died") : Task.CompletedTask;
            notify.Clock.Advance(TimeSpan.FromMinutes(10));
            await Assert.ThrowsAsync<OperationCanceledException>(notify.RunQueuesAsync);
            notify.Tables.AfterWrite = FaultyTables.Nothing;
        }
        await notify.RunToTheEndAsync();

        await AssertAsync(notify, "suppressed opted_out_of_category", othersGo: true);
        Assert.Equal([true, false], email.Requests.Select(request =>
            request.Content.Text.Contains("Title of gone", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_copy_of_the_message_that_comes_after_the_digest_was_sent_leaves_nothing_out()
    {
        using var notify = await WaitingAsync();
        await notify.CloseAsync();
        var copy = Assert.Single(await notify.Backends.Queues.ReceiveAsync(ChannelQueues.Email, 32, TimeSpan.FromSeconds(1),
            CancellationToken.None));
        notify.Clock.Advance(TimeSpan.FromSeconds(2));
        await notify.RunQueuesAsync();

        await notify.ChooseAsync(PreferenceKeys.OfCategory("news"));
        await notify.Backends.Queues.SendAsync(ChannelQueues.Email, System.Text.Encoding.UTF8.GetString(copy.Body!.Value.Span),
            TimeSpan.Zero, CancellationToken.None);
        await notify.RunToTheEndAsync();

        var gone = notify.Get<KeyedHashes>().Delivery(Digesting.Item("gone", "news"), "user_1", Channel.Email);
        Assert.Equal("sent", (await notify.Get<DeliveryTable>().FindViewAsync(gone, CancellationToken.None))!.Status);
        Assert.Equal("sent sent", await notify.FateAsync("stays"));
        Assert.Single(notify.Senders[Channel.Email].Targets);
    }

    [Fact]
    public async Task A_user_without_a_profile_any_more_gets_no_digest()
    {
        using var notify = await WaitingAsync();
        var rows = notify.Get<RecipientRows>();
        var row = rows.KeyOf(null, "user_1");
        await notify.Tables.WriteAsync(TableNames.Recipients, [TableWrite.Delete(row.Partition, row.Key)], CancellationToken.None);

        await notify.CloseAndSendAsync();

        Assert.Empty(notify.Senders[Channel.Email].Requests);
        Assert.Equal("suppressed unknown_recipient", await notify.FateAsync("stays"));
    }

    [Fact]
    public async Task Where_many_are_left_out_none_is_forgotten_and_the_others_are_one_digest()
    {
        using var notify = await Digesting.HarnessAsync(
            [.. Enumerable.Range(0, 80).Select(n => Digesting.Item("i" + n, n % 8 == 0 ? "offers" : "news"))]);
        using var large = new NotifyHarness(notify.Backends, notify.Clock,
            new Dictionary<string, string?> { ["Notify:Batching:MaxBatchSize"] = "90" });

        await large.ChooseAsync(PreferenceKeys.OfCategory("news"));
        await large.CloseAndSendAsync();

        Assert.Equal("10 updates for you", Assert.Single(large.Senders[Channel.Email].Requests).Content.Title);
        foreach (var n in Enumerable.Range(0, 80))
        {
            Assert.Equal(n % 8 == 0 ? "sent sent" : "suppressed opted_out_of_category", await large.FateAsync("i" + n));
        }
    }

    [Fact]
    public async Task Two_runs_at_once_leave_an_item_out_once_and_send_one_digest()
    {
        using var notify = await WaitingAsync();
        await notify.ChooseAsync(PreferenceKeys.OfCategory("news"));
        notify.Clock.Advance(TimeSpan.FromMinutes(5));
        var inside = 0;
        notify.Tables.BeforeWrite = async (_, writes) =>
        {
            // The other run does all of it between this run's reading and each of its transactions.
            if (writes.Any(write => write.Row.Key.StartsWith("!i|", StringComparison.Ordinal)) && inside++ == 0)
            {
                await notify.CloseDueAsync();
            }
        };

        await notify.CloseDueAsync();
        await notify.CloseDueAsync();
        await notify.RunQueuesAsync();

        Assert.True(inside > 2);
        await AssertAsync(notify, "suppressed opted_out_of_category", othersGo: true);
    }

    [Fact]
    public async Task A_run_may_die_before_and_after_every_write_and_the_next_finishes_it()
    {
        for (var death = 0; death < 6; death++)
        {
            foreach (var afterwards in new[] { false, true })
            {
                using var notify = await WaitingAsync();
                await notify.ChooseAsync(PreferenceKeys.OfCategory("news"));
                notify.Clock.Advance(TimeSpan.FromMinutes(5));
                var (count, target) = (0, death);
                Task Die(string table, IReadOnlyList<TableWrite> writes) =>
                    count++ == target ? throw new OperationCanceledException("died") : Task.CompletedTask;
                notify.Tables.BeforeWrite = afterwards ? FaultyTables.Nothing : Die;
                notify.Tables.AfterWrite = afterwards ? Die : FaultyTables.Nothing;
                var died = await Record.ExceptionAsync(() => notify.CloseDueAsync());
                notify.Tables.BeforeWrite = notify.Tables.AfterWrite = FaultyTables.Nothing;
                Assert.Equal(death < 4, died is OperationCanceledException);

                await notify.CloseAndSendAsync();

                await AssertAsync(notify, "suppressed opted_out_of_category", othersGo: true);
                Assert.Single(notify.Senders[Channel.Email].Targets);
                Assert.Equal(0, await WaitingRowsAsync(notify));
            }
        }
    }

    [Fact]
    public async Task A_cancellation_that_comes_first_stands_and_the_other_item_is_left_out_all_the_same()
    {
        using var notify = await Digesting.HarnessAsync(Digesting.Item("e1", "news"), Digesting.Item("e2", "news"));
        await notify.ChooseAsync(PreferenceKeys.OfCategory("news"));
        var cancelled = 0;
        notify.Tables.BeforeWrite = async (_, writes) =>
        {
            if (writes.Any(write => write.Row.Has("suppressedAt")) && cancelled++ == 0)
            {
                await notify.CancelAsync();
            }
        };

        await notify.CloseAndSendAsync();

        Assert.Equal(["cancelled cancelled", "suppressed opted_out_of_category"],
            [await notify.FateAsync("e1"), await notify.FateAsync("e2")]);
        Assert.Empty(notify.Senders[Channel.Email].Requests);
    }

    [Fact]
    public async Task An_item_keeps_what_decides_it_and_one_of_an_older_version_is_read_without()
    {
        using var notify = await WaitingAsync();
        var items = await ItemsAsync(notify);
        Assert.Equal(
            [("news", (DateTimeOffset?)notify.Clock.GetUtcNow().AddMinutes(30), "offers"), ("comments", null, "")],
            items.OrderByDescending(item => item.Category, StringComparer.Ordinal)
                .Select(item => (item.Category!, item.ExpiresAt, string.Join(' ', item.Topics))));

        foreach (var item in items)
        {
            var row = (await notify.Tables.GetAsync(TableNames.Deliveries, item.Delivery.Partition, item.Key, CancellationToken.None))!;
            row["expiresAt"] = row["topics"] = null;
            await notify.Tables.WriteAsync(TableNames.Deliveries, [TableWrite.Upsert(row)], CancellationToken.None);
        }
        await notify.ChooseAsync(PreferenceKeys.OfCategory("news"));
        await notify.CloseAndSendAsync();

        await AssertAsync(notify, "suppressed opted_out_of_category", othersGo: true);
    }

    [Theory]
    [InlineData("-")]
    [InlineData(null)]
    [InlineData("a.b:c@d+e-f")]
    public async Task An_item_knows_its_category(string? category)
    {
        using var notify = await Digesting.HarnessAsync(Digesting.Item("e1", category));

        Assert.Equal(category, Assert.Single(await ItemsAsync(notify)).Category);
    }

    // "gone" has an end and comes by a topic; "stays" names its recipient and has none.
    private static async Task<NotifyHarness> WaitingAsync()
    {
        var notify = await Digesting.HarnessAsync();
        await notify.Get<TopicSubscribers>().SubscribeAsync(null, "offers", ["user_1"], CancellationToken.None);
        await notify.DispatchAsync(
            notify.Record(Digesting.Item("gone", "news") with
            {
                Recipients = ["topic:offers"],
                ExpiresAt = notify.Clock.GetUtcNow()
                .AddMinutes(30)
            }),
            notify.Record(Digesting.Item("stays", "comments")));
        await notify.RunQueuesAsync();
        return notify;
    }

    private static async Task<NotifyHarness> HappenAsync(NotifyHarness notify, string happening)
    {
        switch (happening)
        {
            case "expires":
                notify.Clock.Advance(TimeSpan.FromMinutes(30));
                break;
            case "category refused":
                await notify.ChooseAsync(PreferenceKeys.OfCategory("news"));
                break;
            case "category refused on the channel":
                await notify.ChooseAsync(PreferenceKeys.OfCategory("news", Channel.Email));
                break;
            case "unsubscribed by a link":
                await notify.ChooseAsync(PreferenceKeys.OfCategory("news", Channel.Email), via: ChoiceVia.OneClick);
                break;
            case "topic refused":
                await notify.ChooseAsync(PreferenceKeys.OfTopic("offers"));
                break;
            case "channel refused":
                await notify.ChooseAsync(PreferenceKeys.For(Channel.Email));
                break;
            case "everything refused":
                await notify.ChooseAsync(PreferenceKeys.All);
                break;
            case "recipient erased":
                await notify.Get<RecipientErasure>().BeginAsync(null, "user_1", CancellationToken.None);
                break;
            case "address suppressed":
                await notify.Get<SuppressionList>()
                    .AddAsync(null, Channel.Email, "user_1@example.com", SuppressionSource.Bounce, "550", CancellationToken.None);
                break;
            case "address gone":
                await notify.PutAsync(new RecipientProfile { Id = "user_1", Phone = "+15555550100" });
                break;
            case "channel switched off":
                return new NotifyHarness(notify.Backends, notify.Clock,
                    new Dictionary<string, string?> { ["Notify:Channels:email:Enabled"] = "false" });
            default:
                throw new ArgumentOutOfRangeException(nameof(happening), happening, "Nothing of this name happens.");
        }
        return new NotifyHarness(notify.Backends, notify.Clock);
    }

    private static async Task AssertAsync(NotifyHarness notify, string fate, bool othersGo)
    {
        var gone = notify.Get<KeyedHashes>().Delivery(Digesting.Item("gone", "news"), "user_1", Channel.Email);
        var view = (await notify.Get<DeliveryTable>().FindViewAsync(gone, CancellationToken.None))!;
        Assert.Equal(fate, $"{view.Status} {view.Reason}");
        Assert.Equal(fate.Split(' ')[0], view.Timeline[^1].Fact);
        Assert.Equal(othersGo ? "sent sent" : fate, await notify.FateAsync("stays"));
        var last = notify.Senders[Channel.Email].Requests is [.., var request] ? request : null;
        Assert.Equal(othersGo ? "Title of stays" : null, last?.Content.Title);
        Assert.DoesNotContain("gone", last?.Content.Text ?? "", StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<DigestItem>> ItemsAsync(NotifyHarness notify) =>
        await notify.Get<DeliveryTable>()
            .DigestItemsOfAsync(notify.Get<KeyedHashes>().RecipientHash(null, "user_1"), CancellationToken.None)
            .ToListAsync();

    private static async Task<int> WaitingRowsAsync(NotifyHarness notify)
    {
        var count = 0;
        foreach (var partition in KeyedHashes.Partitions)
        {
            count += await notify.Tables.QueryAsync(TableNames.Deliveries, partition, "!", "!~", CancellationToken.None).CountAsync();
        }
        return count;
    }
}
