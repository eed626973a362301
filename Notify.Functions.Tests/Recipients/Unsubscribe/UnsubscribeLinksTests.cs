using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Recipients.Unsubscribe;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Recipients.Unsubscribe;

public sealed class UnsubscribeLinksTests
{
    [Fact]
    public void A_link_works_until_its_time_is_over_and_not_a_second_longer()
    {
        using var notify = new NotifyHarness();
        var token = TokenOf(notify, "jane");

        notify.Clock.Advance(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        Assert.Equal((UnsubscribeVerdict.Valid, "news"), (Read(notify, token).Verdict, Read(notify, token).Link!.Categories.Single()));
        notify.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((UnsubscribeVerdict.Expired, null), Read(notify, token));
    }

    [Fact]
    public void A_link_of_another_key_is_forged_and_one_from_before_there_was_a_key_stays_good()
    {
        using var notify = new NotifyHarness();
        using var own = new NotifyHarness(
            settings: new Dictionary<string, string?> { ["Notify:Unsubscribe:Key"] = "another-secret-of-32-characters-0" });
        using var changed = new NotifyHarness(
            settings: new Dictionary<string, string?> { ["Notify:Unsubscribe:Key"] = "another-secret-of-32-characters-1" });
        using var stranger = new NotifyHarness(
            settings: new Dictionary<string, string?> { ["Notify:Identity:Key"] = "another-service-of-32-characters-0" });

        Assert.Equal(UnsubscribeVerdict.Valid, Read(own, TokenOf(own, "jane")).Verdict);
        Assert.Equal(UnsubscribeVerdict.Valid, Read(own, TokenOf(notify, "jane")).Verdict);
        Assert.All([notify, changed, stranger], other =>
            Assert.Equal(UnsubscribeVerdict.Forged, Read(other, TokenOf(own, "jane")).Verdict));
        Assert.Equal(UnsubscribeVerdict.Forged, Read(notify, TokenOf(stranger, "jane")).Verdict);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a.b")]
    [InlineData("MXxo.MXxo")]
    [InlineData("é.é")]
    public void What_is_no_link_is_forged(string token)
    {
        using var notify = new NotifyHarness();

        Assert.Equal(UnsubscribeVerdict.Forged, Read(notify, token).Verdict);
    }

    [Fact]
    public async Task A_click_is_seen_by_the_very_next_dispatch_of_another_instance_that_remembers_the_recipients()
    {
        using var sends = new NotifyHarness();
        using var clicks = new NotifyHarness(sends.Backends, sends.Clock);
        string[] users = [.. Enumerable.Range(0, 200).Select(n => "u" + n)];
        foreach (var user in users)
        {
            await sends.AddRecipientAsync(user);
        }
        await sends.Get<TopicSubscribers>().SubscribeAsync(null, "offers", users, CancellationToken.None);
        await CampaignAsync(sends, "e1");
        var mail = sends.Senders[Channel.Email].Targets.Single(target => target.Recipient == "u7");

        var (_, link) = Read(clicks, mail.UnsubscribeUrl!.Segments[^1]);
        await clicks.Get<PreferenceStore>().ChangeAsync(
            link!.RecipientHash, EmailChoices.By, ChoiceVia.OneClick,
            before => new EmailChoices(ChoiceVia.OneClick, clicks.Clock.GetUtcNow()).Choose(before, link.Categories.Single(),
                wanted: false), CancellationToken.None);
        await CampaignAsync(sends, "e2");

        Assert.Equal(399, sends.Senders[Channel.Email].Targets.Count);
        Assert.Single(sends.Senders[Channel.Email].Targets, target => target.Recipient == "u7");
    }

    [Fact]
    public async Task A_bare_address_unsubscribes_however_the_producer_writes_it()
    {
        using var notify = new NotifyHarness();
        await MailAsync(notify, "e1", "mailto:Jane@Example.com");
        var (_, link) = Read(notify, Assert.Single(notify.Senders[Channel.Email].Targets).UnsubscribeUrl!.Segments[^1]);

        await RefuseAsync(notify, link!);
        await MailAsync(notify, "e2", "mailto:jane@example.com");

        Assert.Equal("unsubscribed", (await notify.ReadOnlyDeliveryAsync("e2")).Reason);
    }

    [Fact]
    public void A_link_names_several_categories_and_a_version_that_knows_one_only_calls_it_forged()
    {
        using var notify = new NotifyHarness();
        DigestEntry[] entries = [new("d1", EventType.Marketing, "T", "T") { Category = "news" },
            new("d2", EventType.Marketing, "T", "T") { Category = "comments" }, new("d3", EventType.Alert, "T", "T")];

        var token = notify.Get<UnsubscribeLinks>().For(entries, Channel.Email, null, "jane")!.Segments[^1];

        Assert.Equal(["alert", "comments", "news"], Read(notify, token).Link!.Categories);
        Assert.StartsWith("2|", System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0])),
            StringComparison.Ordinal);
        Assert.StartsWith("1|", System.Text.Encoding.UTF8.GetString(
            System.Buffers.Text.Base64Url.DecodeFromChars(TokenOf(notify, "jane").Split('.')[0])), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_address_of_the_service_mails_have_no_links()
    {
        using var notify = new NotifyHarness(configure: services =>
            services.PostConfigure<UnsubscribeOptions>(options => options.PublicBaseUrl = null));

        Assert.Null(notify.Get<UnsubscribeLinks>().For(EventType.Marketing, "news", Channel.Email, null, "jane"));
    }

    private static string TokenOf(NotifyHarness notify, string recipient) =>
        notify.Get<UnsubscribeLinks>().For(EventType.Marketing, "news", Channel.Email, null, recipient)!.Segments[^1];

    private static (UnsubscribeVerdict Verdict, UnsubscribeLink? Link) Read(NotifyHarness notify, string token) =>
        notify.Get<UnsubscribeLinks>().Read(token);

    private static Task RefuseAsync(NotifyHarness notify, UnsubscribeLink link) => notify.Get<PreferenceStore>().ChangeAsync(
        link.RecipientHash, EmailChoices.By, ChoiceVia.OneClick,
        before => new EmailChoices(ChoiceVia.OneClick, notify.Clock.GetUtcNow()).Choose(before, link.Categories.Single(), wanted: false),
        CancellationToken.None);

    private static async Task CampaignAsync(NotifyHarness notify, string id)
    {
        await notify.DispatchAsync(notify.Record(Marketing(id) with { Recipients = ["topic:offers"] }));
        await notify.RunQueuesAsync();
    }

    private static async Task MailAsync(NotifyHarness notify, string id, string recipient)
    {
        await notify.DispatchAsync(notify.Record(Marketing(id) with { Recipients = [recipient] }));
        await notify.RunQueuesAsync();
    }

    private static NotificationEvent Marketing(string id) =>
        TestEvents.Alert(id) with { Type = EventType.Marketing, Priority = Priority.High, Category = "news", Channels = [Channel.Email] };
}
