using Notify.Functions.Cancellation;
using Notify.Functions.Contract;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Sending;
using Notify.Functions.Status;
using Notify.Functions.Tests.Cancellation;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Recipients;

/// <summary>
/// However an address is written, it is one recipient: for deliveries, preferences, suppressions, topics, cancellations and deduplication.
/// </summary>
public sealed class OneIdentityTests
{
    public static TheoryData<string, string, string> Spellings => new()
    {
        { "mailto:jo@Example.com", "mailto:jo@example.com", "jo@example.com" },
        { "mailto:jo@EXAMPLE.COM", "mailto:jo@example.com", "jo@example.com" },
        { "mailto:Jane@bücher.example", "mailto:Jane@xn--bcher-kva.example", "Jane@xn--bcher-kva.example" },
        { "mailto:Jane@BÜCHER.Example", "mailto:Jane@XN--BCHER-kva.example", "Jane@xn--bcher-kva.example" },
        { "tel:+44 20 7946 0958", "tel:+442079460958", "+442079460958" },
        { "tel:+44-(20)-7946.0958", "tel:+442079460958", "+442079460958" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task Two_spellings_in_one_event_are_one_message(string one, string other, string address)
    {
        using var notify = new NotifyHarness();

        await SendAsync(notify, "e1", one, other);

        Assert.Equal([address], Sent(notify));
        var delivery = await notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal(AddressNormalizer.Recipient(other), delivery.Recipient);
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task Two_events_are_in_one_history(string one, string other, string address)
    {
        using var notify = new NotifyHarness();

        await SendAsync(notify, "e1", one);
        notify.Clock.Advance(TimeSpan.FromSeconds(1));
        await SendAsync(notify, "e2", other);

        Assert.Equal([address, address], Sent(notify));
        var page = await notify.Get<RecipientDeliveries>()
            .ReadAsync(new RecipientQuery(null, AddressNormalizer.Recipient(one)!), null, 10, CancellationToken.None);
        Assert.Equal(2, page.Items.Count);
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task What_one_spelling_refused_is_not_sent_to_another(string one, string other, string address)
    {
        using var notify = new NotifyHarness();
        var choice = new Choice(Wanted: false, notify.Clock.GetUtcNow(), "jo", ChoiceVia.Api);
        await notify.Get<PreferenceStore>().ChangeAsync(
            notify.Get<RecipientRows>().HashOf(null, AddressNormalizer.Recipient(one)!), "jo", ChoiceVia.Api, before =>
                before.With(PreferenceKeys.All, choice), CancellationToken.None);

        await SendAsync(notify, "e1", other);

        Assert.DoesNotContain(address, Sent(notify));
        Assert.Equal("opted_out", (await notify.ReadOnlyDeliveryAsync("e1")).Reason);
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task A_provider_that_refuses_one_spelling_s_message_has_refused_the_address_and_one_that_takes_it_has_not(
        string one, string other, string address)
    {
        using var notify = new NotifyHarness();
        await SendAsync(notify, "e1", one);
        Assert.Null(await notify.Get<SuppressionList>().FindAsync(null, ChannelOf(one), address, CancellationToken.None));

        Senders(notify).ForEach(sender => sender.Answer = _ => new SendResult.Rejected("no_such_address", AddressIsDead: true));
        await SendAsync(notify, "e2", one);
        await SendAsync(notify, "e3", other);

        Assert.Equal(address, (await notify.Get<SuppressionList>()
            .FindAsync(null, ChannelOf(one), address, CancellationToken.None))!.Address);
        Assert.Equal("suppressed_address", (await notify.ReadOnlyDeliveryAsync("e3")).Reason);
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task Two_spellings_are_one_subscriber(string one, string other, string address)
    {
        using var notify = new NotifyHarness();
        var topics = notify.Get<TopicSubscribers>();
        await topics.SubscribeAsync(null, "offers", [one], CancellationToken.None);
        await topics.SubscribeAsync(null, "offers", [other], CancellationToken.None);

        await SendAsync(notify, "e1", "topic:offers", other);
        Assert.Equal([address], Sent(notify));

        await topics.UnsubscribeAsync(null, "offers", one, CancellationToken.None);
        await notify.DispatchAsync(notify.Record(Event("e2", "topic:offers") with { Channels = [ChannelOf(one)] }));
        await notify.RunQueuesAsync();
        Assert.Equal([address], Sent(notify));
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task A_delivery_is_cancelled_by_any_spelling(string one, string other, string address)
    {
        using var notify = new NotifyHarness();
        await notify.DispatchAsync(notify.Record(Event("e1", one)));

        var result = await notify.TryCancelAsync(AddressNormalizer.Recipient(other), id: "e1");
        await notify.RunQueuesAsync();

        Assert.Equal((CancellationFault.None, 1), (result.Fault, result.View!.Cancelled));
        Assert.DoesNotContain(address, Sent(notify));
    }

    [Fact]
    public async Task An_event_to_an_address_with_an_international_domain_leaves_the_profile_with_the_same_address_alone()
    {
        using var notify = new NotifyHarness();
        await notify.Get<TableRecipientDirectory>()
            .PutAsync(new RecipientProfile { Id = "jane", Email = "Jane@xn--bcher-kva.example" }, CancellationToken.None);
        // As providers do: a domain that is no ASCII is refused.
        notify.Senders[Channel.Email].Answer =
            target => Ascii(target.Addresses[0]) ? new SendResult.Accepted("m") : new SendResult.Rejected("invalid", AddressIsDead: true);

        await SendAsync(notify, "e1", "mailto:Jane@bücher.example");
        await SendAsync(notify, "e2", "jane");

        Assert.Equal(["Jane@xn--bcher-kva.example", "Jane@xn--bcher-kva.example"], Sent(notify));
    }

    [Fact]
    public async Task The_local_part_is_told_apart_by_case_as_its_host_may_do()
    {
        using var notify = new NotifyHarness();

        await SendAsync(notify, "e1", "mailto:Jo@example.com", "mailto:jo@example.com");

        Assert.Equal(["Jo@example.com", "jo@example.com"], Sent(notify).Order(StringComparer.Ordinal));
    }

    private static async Task SendAsync(NotifyHarness notify, string id, params string[] recipients)
    {
        await notify.DispatchAsync(notify.Record(Event(id, recipients)));
        await notify.RunQueuesAsync();
    }

    private static NotificationEvent Event(string id, params string[] recipients) =>
        TestEvents.Alert(id) with { Recipients = recipients, Channels = [ChannelOf(recipients[^1])] };

    private static Channel ChannelOf(string recipient) =>
        recipient.StartsWith("tel", StringComparison.Ordinal) ? Channel.Sms : Channel.Email;

    private static List<ScriptedSender> Senders(NotifyHarness notify) => [notify.Senders[Channel.Email], notify.Senders[Channel.Sms]];

    private static IEnumerable<string> Sent(NotifyHarness notify) =>
        Senders(notify).SelectMany(sender => sender.Targets).Select(target => target.Addresses[0]);

    private static bool Ascii(string text) => System.Text.Ascii.IsValid(text);
}
