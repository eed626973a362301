using Notify.Functions.Contract;
using Notify.Functions.Erasure;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Recipients.Preferences;

public sealed class PreferenceDispatchTests
{
    [Fact]
    public async Task What_is_refused_on_one_instance_is_refused_by_the_very_next_dispatch_of_another()
    {
        using var one = new NotifyHarness();
        using var other = new NotifyHarness(one.Backends, one.Clock);
        string[] users = [.. Enumerable.Range(0, 200).Select(n => "u" + n)];
        foreach (var user in users)
        {
            await one.AddRecipientAsync(user);
        }
        await one.Get<TopicSubscribers>().SubscribeAsync(null, "offers", users, CancellationToken.None);
        await SendAsync(one, "e1");
        Assert.Equal(200, one.Senders[Channel.Push].Targets.Count);

        await RefuseAsync(other, "u7", PreferenceKeys.OfTopic("offers"));
        await SendAsync(one, "e2");

        var refused = one.Get<KeyedHashes>().Delivery(TestEvents.Alert("e2"), "u7", Channel.Push);
        var decision = await one.Get<DeliveryTable>().FindDecisionAsync(refused, CancellationToken.None);
        Assert.Equal("opted_out_of_topic", decision!.Decision.Reason);
        Assert.Equal(399, one.Senders[Channel.Push].Targets.Count);
    }

    [Fact]
    public async Task What_is_refused_while_it_waits_for_its_time_is_not_sent()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        await notify.DispatchAsync(notify.Record(
            TestEvents.Alert() with { Category = "news", SendAt = notify.Clock.GetUtcNow().AddHours(2) }));

        await RefuseAsync(notify, "user_1", PreferenceKeys.OfCategory("news", Channel.Push));
        notify.Clock.Advance(TimeSpan.FromHours(2));
        await notify.Get<Notify.Functions.Digests.DigestSchedule>().EnqueueDueAsync(openToo: false, CancellationToken.None);
        await notify.RunQueuesAsync();

        Assert.Empty(notify.Senders[Channel.Push].Targets);
        Assert.Equal("opted_out_of_category_on_channel", (await notify.ReadOnlyDeliveryAsync("e1")).Reason);
    }

    [Fact]
    public async Task Choices_outlive_the_profile_and_a_profile_that_is_put_again_finds_them()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        await RefuseAsync(notify, "user_1", PreferenceKeys.All);

        await notify.Get<RecipientErasure>().BeginAsync(null, "user_1", CancellationToken.None);
        await notify.RunQueuesAsync();
        await notify.DispatchAsync(notify.Record(TestEvents.Alert("e1")));
        await notify.AddRecipientAsync("user_1");
        await notify.DispatchAsync(notify.Record(TestEvents.Alert("e2") with { CreatedAt = notify.Clock.GetUtcNow().AddMilliseconds(1) }));

        Assert.Equal("erased", (await notify.ReadOnlyDeliveryAsync("e1")).Reason);
        Assert.Equal("opted_out", (await notify.ReadOnlyDeliveryAsync("e2")).Reason);
    }

    [Fact]
    public async Task Two_changes_at_once_are_both_made()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        var interrupted = false;
        notify.Tables.BeforeWrite = async (table, _) =>
        {
            if (table == TableNames.Recipients && !interrupted)
            {
                interrupted = true;
                await RefuseAsync(notify, "user_1", PreferenceKeys.OfTopic("offers"));
            }
        };

        await RefuseAsync(notify, "user_1", PreferenceKeys.For(Channel.Sms));

        var hash = notify.Get<KeyedHashes>().RecipientHash(null, "user_1");
        Assert.Equal(["channel:sms", "topic:offers"],
            (await notify.Get<PreferenceStore>().GetAsync(hash, CancellationToken.None)).Choices.Keys.Order(StringComparer.Ordinal));
    }

    private static async Task SendAsync(NotifyHarness notify, string id)
    {
        await notify.DispatchAsync(notify.Record(TestEvents.Alert(id) with { Recipients = ["topic:offers"] }));
        await notify.RunQueuesAsync();
    }

    private static Task RefuseAsync(NotifyHarness notify, string user, string key) => notify.Get<PreferenceStore>().ChangeAsync(
        notify.Get<KeyedHashes>().RecipientHash(null, user), user, ChoiceVia.Api, before =>
            before.With(key, new Choice(Wanted: false, notify.Clock.GetUtcNow(), user, ChoiceVia.Api)), CancellationToken.None);
}
