using Notify.Functions.Cancellation;
using Notify.Functions.Contract;
using Notify.Functions.Erasure;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Status;
using Notify.Functions.Tests.Cancellation;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Upgrades;

/// <summary>
/// An earlier version hashed addresses as events wrote them. What it has stored is found, finished, and not sent a second time under the
/// one form.
/// </summary>
public sealed class StoredSpellingTests
{
    private const string Written = "mailto:Jane@BÜCHER.example";
    private const string OneForm = "mailto:Jane@xn--bcher-kva.example";
    private const string Address = "Jane@xn--bcher-kva.example";

    // Earlier versions took numbers that this one refuses: with a trunk 0.
    private const string OldNumber = "+4402079460958";

    [Fact]
    public async Task An_event_that_was_begun_is_finished_under_the_name_that_it_has_and_not_begun_again_when_the_broker_brings_it()
    {
        using var notify = new NotifyHarness();
        var stored = Event("e1", Written);
        await StoreAsync(notify, stored);

        await notify.DispatchAsync(notify.Record(stored, offset: 7));
        await notify.RunQueuesAsync();
        await notify.DispatchAsync(notify.Record(stored, offset: 7));
        await notify.RunQueuesAsync();

        Assert.Equal([Address], Sent(notify));
        Assert.Equal((Written, "sent"), (await notify.ReadOnlyDeliveryAsync("e1")) is var seen ? (seen.Recipient, seen.Status) : default);
    }

    [Theory]
    [InlineData("tel:" + OldNumber)]
    [InlineData("mailto:jane..doe@example.com")]
    public async Task An_event_with_an_address_that_is_refused_today_is_still_read(string recipient)
    {
        using var notify = new NotifyHarness();
        var stored = Event("e1", recipient) with { Channels = [Channel.Sms, Channel.Email] };
        await StoreAsync(notify, stored);

        Assert.Equal(recipient, Assert.Single(
            (await notify.Get<EventHeads>().FindAsync(null, "e1", CancellationToken.None))!.Event.Recipients));
        Assert.Null(EventReader.Read(EventWriter.Write(stored), new EventDefaults(Id: null, default)).Event);
    }

    [Fact]
    public async Task A_delivery_under_another_spelling_is_in_the_history_and_is_cancelled_by_the_one_form()
    {
        using var notify = new NotifyHarness();
        var stored = Event("e1", Written);
        await StoreAsync(notify, stored);
        await notify.DispatchAsync(notify.Record(stored, offset: 7));
        await notify.DispatchAsync(notify.Record(Event("e2", OneForm) with { CreatedAt = stored.CreatedAt.AddSeconds(1) }));

        var query = new RecipientQuery(null, OneForm) { Written = Written };
        var first = await notify.Get<RecipientDeliveries>().ReadAsync(query, null, 1, CancellationToken.None);
        Assert.True(notify.Get<RecipientDeliveries>().IsCursor(query, first.Next!));
        var second = await notify.Get<RecipientDeliveries>().ReadAsync(query, first.Next, 10, CancellationToken.None);
        var result = await notify.TryCancelAsync(OneForm, id: "e1");

        Assert.Equal(["e2", "e1"], first.Items.Concat(second.Items).Select(item => item.EventId!));
        Assert.Equal((CancellationFault.None, 1), (result.Fault, result.View!.Cancelled));
    }

    [Fact]
    public async Task A_subscription_under_another_spelling_is_sent_to_once_becomes_the_one_form_when_it_is_asked_for_again_and_ends_by_its_spelling()
    {
        using var notify = new NotifyHarness();
        await StoreSubscriptionAsync(notify, "offers");
        await StoreSubscriptionAsync(notify, "news");
        var topics = notify.Get<TopicSubscribers>();

        await SendAsync(notify, Event("e1", "topic:offers"));
        Assert.Equal([Address], Sent(notify));

        await topics.SubscribeAsync(null, "offers", [Written], CancellationToken.None);
        Assert.Equal([OneForm], await SubscribersAsync(notify, "offers"));
        await SendAsync(notify, Event("e2", "topic:offers"));
        Assert.Equal([Address, Address], Sent(notify));

        await topics.UnsubscribeAsync(null, "news", Written, CancellationToken.None);
        Assert.Empty(await SubscribersAsync(notify, "news"));
    }

    [Theory]
    [InlineData(Channel.Email, "Jane@BÜCHER.example", OneForm)]
    [InlineData(Channel.Email, "JANE@bücher.example", "mailto:jane@bücher.example")]
    [InlineData(Channel.Email, "jane..doe@Example.com", "user")]
    [InlineData(Channel.Sms, "+442079460958", "tel:+44 20 7946 0958")]
    [InlineData(Channel.Sms, "+54111512345678", "tel:+54 11 15 1234 5678")]
    [InlineData(Channel.Sms, "+5215512345678", "user")]
    [InlineData(Channel.Sms, OldNumber, "user")]
    public async Task No_suppression_is_lost(Channel channel, string stored, string recipient)
    {
        using var notify = new NotifyHarness();
        await notify.Get<TableRecipientDirectory>().PutAsync(
            new RecipientProfile
            {
                Id = "user",
                Email = channel == Channel.Email ? stored : null,
                Phone = channel == Channel.Sms
                ? stored : null
            }, CancellationToken.None);
        await notify.Get<SuppressionList>()
            .AddAsync(null, channel, stored, SuppressionSource.Complaint, detail: null, CancellationToken.None);

        await SendAsync(notify, Event("e1", recipient) with { Channels = [channel] });
        await SendAsync(notify, Event("e2", "user") with { Channels = [channel] });

        Assert.Empty(notify.Senders[channel].Targets);
        Assert.Equal("suppressed_address", (await notify.ReadOnlyDeliveryAsync("e1")).Reason);
        Assert.Equal("suppressed_address", (await notify.ReadOnlyDeliveryAsync("e2")).Reason);
    }

    // The hashes of this development key, as the version before made them.
    [Theory]
    [InlineData("mailto:Jane@BÜCHER.example", "mailto:jane@xn--bcher-kva.example")]
    [InlineData("mailto:Jo@Example.com", "mailto:jo@example.com")]
    [InlineData("tel:+442079460958", "tel:+442079460958")]
    public void Preferences_of_an_address_stand_in_the_row_in_which_they_always_stood(string recipient, string hashed)
    {
        using var notify = new NotifyHarness();
        var (rows, keyedHashes) = (notify.Get<RecipientRows>(), notify.Get<KeyedHashes>());

        Assert.Equal(keyedHashes.RecipientHash(null, hashed), rows.HashOf(null, recipient));
        Assert.Equal(keyedHashes.RecipientHash(null, hashed), rows.HashOf(null, AddressNormalizer.Recipient(recipient)!));
    }

    [Fact]
    public async Task An_erasure_by_the_spelling_takes_the_name_out_of_what_was_stored_under_either()
    {
        using var notify = new NotifyHarness();
        var stored = Event("e1", Written);
        await StoreAsync(notify, stored);
        await notify.DispatchAsync(notify.Record(stored, offset: 7));
        await SendAsync(notify, Event("e2", OneForm));
        await StoreSubscriptionAsync(notify, "offers");

        await notify.Get<RecipientErasure>().BeginAsync(null, Written, CancellationToken.None);
        await notify.RunQueuesAsync();

        Assert.StartsWith("erased:", (await notify.ReadOnlyDeliveryAsync("e1")).Recipient, StringComparison.Ordinal);
        Assert.StartsWith("erased:", (await notify.ReadOnlyDeliveryAsync("e2")).Recipient, StringComparison.Ordinal);
        Assert.Empty(await SubscribersAsync(notify, "offers"));
    }

    private static NotificationEvent Event(string id, string recipient) =>
        TestEvents.Alert(id) with { Recipients = [recipient], Channels = [Channel.Email] };

    private static async Task SendAsync(NotifyHarness notify, NotificationEvent notification)
    {
        await notify.DispatchAsync(notify.Record(notification));
        await notify.RunQueuesAsync();
    }

    // As a dispatcher of the version before that died behind the head.
    private static Task StoreAsync(NotifyHarness notify, NotificationEvent notification) => notify.Get<EventHeads>().InsertAsync(
        [new EventRecord { Event = notification, Source = new EventPosition("notifications.incoming", 0, 7),
            SeenAt = notify.Clock.GetUtcNow() }], CancellationToken.None);

    private static async Task StoreSubscriptionAsync(NotifyHarness notify, string topic)
    {
        var keyedHashes = notify.Get<KeyedHashes>();
        var (hash, recipient) = (keyedHashes.TopicHash(null, topic), keyedHashes.RecipientHash(null, Written));
        var range = KeyedHashes.PartitionOf(recipient);
        await notify.Tables.InsertAllAsync(TableNames.Topics,
            [
                new TableRow($"{hash}.{range}", recipient) { ["recipient"] = Written, ["since"] = notify.Clock.GetUtcNow() },
                new TableRow("r." + range, $"{recipient}.{hash}") { ["topic"] = topic, ["since"] = notify.Clock.GetUtcNow() },
            ], CancellationToken.None);
    }

    private static async Task<List<string>> SubscribersAsync(NotifyHarness notify, string topic)
    {
        var found = new List<string>();
        foreach (var range in KeyedHashes.Partitions)
        {
            found.AddRange(await notify.Get<TopicSubscribers>().RangeAsync(null, topic, range, after: null, CancellationToken.None)
                .Select(one => one.Recipient).ToListAsync());
        }
        return found;
    }

    private static IEnumerable<string> Sent(NotifyHarness notify) =>
        notify.Senders[Channel.Email].Targets.Select(target => target.Addresses[0]);
}
