using Notify.Functions.Contract;
using Notify.Functions.Digests;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;
using Notify.Functions.Recipients.Unsubscribe;
using Notify.Functions.Reports;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Reports;

/// <summary>Unsubscribing from one kind of mail at a provider, and taking it back.</summary>
public sealed class ReportedChoicesTests
{
    [Fact]
    public async Task Who_unsubscribes_from_a_group_gets_no_more_of_its_category_by_mail_and_everything_else()
    {
        using var notify = await SentAsync("e1", EventType.Marketing, "news");

        await ReportAsync(notify, "e1", ReportEffect.RefuseCategory);

        Assert.Equal("suppressed unsubscribed", await FateAsync(notify, "e2", EventType.Marketing, "news"));
        Assert.Equal("sent", await FateAsync(notify, "e3", EventType.Marketing, "sale"));
        Assert.Equal("sent", await FateAsync(notify, "e4", EventType.Transactional, null));
        Assert.Equal("sent", await FateAsync(notify, "e5", EventType.Marketing, "news", Channel.Sms));
        Assert.Null(await notify.Get<SuppressionList>().FindAsync(null, Channel.Email, "user_1@example.com", CancellationToken.None));
        var change = Assert.Single(await TrailAsync(notify));
        Assert.Equal(("recipient", ChoiceVia.Provider), (change.By, change.Via));
        Assert.Equal(new PreferenceDifference("category:news/email", null, "refused"), Assert.Single(change.Changes));
    }

    [Fact]
    public async Task Who_subscribes_again_gets_it_again()
    {
        using var notify = await SentAsync("e1", EventType.Marketing, "news");

        await ReportAsync(notify, "e1", ReportEffect.RefuseCategory);
        await ReportAsync(notify, "e1", ReportEffect.WantCategory, minutes: 1);

        Assert.Equal("sent", await FateAsync(notify, "e2", EventType.Marketing, "news"));
    }

    [Theory]
    [InlineData(0, 1, "sent")]
    [InlineData(1, 0, "suppressed unsubscribed")]
    public async Task The_later_one_counts_in_whatever_order_they_come_and_however_often(int refused, int wanted, string fate)
    {
        foreach (var wantedFirst in new[] { true, false })
        {
            using var notify = await SentAsync("e1", EventType.Marketing, "news");
            for (var time = 0; time < 2; time++)
            {
                await ReportAsync(notify, "e1", wantedFirst ? ReportEffect.WantCategory : ReportEffect.RefuseCategory, wantedFirst
                    ? wanted : refused);
                await ReportAsync(notify, "e1", wantedFirst ? ReportEffect.RefuseCategory : ReportEffect.WantCategory, wantedFirst
                    ? refused : wanted);
            }

            Assert.Equal(fate, await FateAsync(notify, "e2", EventType.Marketing, "news"));
        }
    }

    [Fact]
    public async Task What_was_refused_by_another_way_is_not_taken_back_by_a_provider()
    {
        using var notify = await SentAsync("e1", EventType.Marketing, "news");
        await notify.Get<PreferenceStore>().ChangeAsync(
            notify.Get<RecipientRows>().HashOf(null, "user_1"), EmailChoices.By, ChoiceVia.Page,
            before => new EmailChoices(ChoiceVia.Page, notify.Clock.GetUtcNow()).Choose(before, "news", wanted: false),
            CancellationToken.None);

        await ReportAsync(notify, "e1", ReportEffect.WantCategory, minutes: 5);

        Assert.Equal("suppressed unsubscribed", await FateAsync(notify, "e2", EventType.Marketing, "news"));
    }

    [Theory]
    [InlineData(EventType.Transactional, "news")]
    [InlineData(EventType.Transactional, null)]
    [InlineData(EventType.Alert, "security")]
    public async Task What_has_no_unsubscribe_link_of_ours_is_not_concerned(EventType type, string? category)
    {
        using var notify = await SentAsync("e1", type, category);

        await ReportAsync(notify, "e1", ReportEffect.RefuseCategory);

        Assert.Equal("sent", await FateAsync(notify, "e2", type, category));
        Assert.Empty(await TrailAsync(notify));
    }

    [Fact]
    public async Task Mail_without_a_category_has_its_types_name_for_one_and_an_address_without_a_profile_can_choose_too()
    {
        using var notify = new NotifyHarness();
        Assert.Equal("sent", await FateAsync(notify, "e1", EventType.Marketing, null, recipient: "mailto:jane@example.com"));

        await ReportAsync(notify, "e1", ReportEffect.RefuseCategory, recipient: "mailto:jane@example.com");

        Assert.Equal("suppressed unsubscribed",
            await FateAsync(notify, "e2", EventType.Marketing, null, recipient: "mailto:jane@example.com"));
        Assert.Equal("sent", await FateAsync(notify, "e3", EventType.Alert, null, recipient: "mailto:jane@example.com"));
    }

    [Fact]
    public async Task A_digest_is_of_several_kinds_and_nothing_follows()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        await notify.DispatchAsync(notify.Record(
            Event("e1", EventType.Marketing, "news", Channel.Email, "user_1") with { Priority = Priority.Low }));
        notify.Clock.Advance(TimeSpan.FromMinutes(6));
        await notify.Get<DigestSchedule>().EnqueueDueAsync(openToo: false, CancellationToken.None);
        await notify.RunQueuesAsync();
        var sent = Assert.Single(notify.Senders[Channel.Email].Targets);

        await notify.Get<ReportedChoices>().ChooseAsync(
            "sendgrid", [new ProviderReport(sent.AttemptId, null, ReportedFact.Unsubscribed,
                notify.Clock.GetUtcNow()) { Effect = ReportEffect.RefuseCategory }], CancellationToken.None);

        Assert.Empty(await TrailAsync(notify));
    }

    [Fact]
    public async Task The_timeline_tells_of_both()
    {
        using var notify = await SentAsync("e1", EventType.Marketing, "news");
        var attempt = Attempt(notify, "e1", EventType.Marketing, "user_1");

        await notify.Get<ReportRecorder>().MergeAsync(
            "sendgrid",
            [
                new ProviderReport(attempt, null, ReportedFact.Unsubscribed, notify.Clock.GetUtcNow()) { ReportId = "a" },
                new ProviderReport(attempt, null, ReportedFact.Resubscribed, notify.Clock.GetUtcNow().AddMinutes(1)) { ReportId = "b" },
            ],
            CancellationToken.None);

        var facts = (await notify.ReadOnlyDeliveryAsync("e1")).Timeline.Select(entry => entry.Fact).ToList();
        Assert.True(facts.IndexOf("unsubscribed") is >= 0 and var first && facts.IndexOf("resubscribed") > first, string.Join(' ', facts));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task A_report_on_what_is_not_ours_changes_nothing(string? attempt)
    {
        using var notify = await SentAsync("e1", EventType.Marketing, "news");

        await notify.Get<ReportedChoices>().ChooseAsync(
            "sendgrid", [new ProviderReport(attempt, null, ReportedFact.Unsubscribed,
                notify.Clock.GetUtcNow()) { Effect = ReportEffect.RefuseCategory }], CancellationToken.None);

        Assert.Empty(await TrailAsync(notify));
    }

    private static async Task<NotifyHarness> SentAsync(string id, EventType type, string? category)
    {
        var notify = new NotifyHarness(settings: new Dictionary<string, string?> { ["Notify:Recipients:RequiredCategories"] = "security" });
        await notify.AddRecipientAsync("user_1");
        Assert.Equal("sent", await FateAsync(notify, id, type, category));
        return notify;
    }

    private static async Task<string> FateAsync(
        NotifyHarness notify, string id, EventType type, string? category, Channel channel = Channel.Email, string recipient = "user_1")
    {
        await notify.DispatchAsync(notify.Record(Event(id, type, category, channel, recipient)));
        await notify.RunQueuesAsync();
        var delivery = await notify.ReadOnlyDeliveryAsync(id);
        return delivery.Status == "suppressed" ? $"suppressed {delivery.Reason}" : delivery.Status;
    }

    private static Task ReportAsync(NotifyHarness notify, string id, ReportEffect effect, int minutes = 0, string recipient = "user_1") =>
        notify.Get<ReportedChoices>().ChooseAsync(
        "sendgrid",
        [
            new ProviderReport(
                Attempt(notify, id, EventType.Marketing, recipient), null, effect == ReportEffect.RefuseCategory
                    ? ReportedFact.Unsubscribed : ReportedFact.Resubscribed,
                TestEvents.Alert().CreatedAt.AddMinutes(10 + minutes)) { Effect = effect },
        ],
        CancellationToken.None);

    private static string Attempt(NotifyHarness notify, string id, EventType type, string recipient) =>
        new AttemptId(notify.Get<KeyedHashes>().Delivery(Event(id, type, null, Channel.Email, recipient), recipient, Channel.Email),
            1).ToString();

    private static ValueTask<List<PreferenceChange>> TrailAsync(NotifyHarness notify) =>
        notify.Get<PreferenceStore>().TrailAsync(notify.Get<RecipientRows>().HashOf(null, "user_1"), after: null, CancellationToken.None)
            .ToListAsync();

    private static NotificationEvent Event(string id, EventType type, string? category, Channel channel, string recipient) =>
        TestEvents.Alert(id) with
        {
            Type = type,
            Priority = Priority.High,
            Category = category,
            Channels = [channel],
            Recipients = [recipient]
        };
}
