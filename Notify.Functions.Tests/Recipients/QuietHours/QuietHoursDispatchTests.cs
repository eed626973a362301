using Notify.Functions.Contract;
using Notify.Functions.Digests;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.QuietHours;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.LocalHost;

namespace Notify.Functions.Tests.Recipients.QuietHours;

/// <summary>Nights with a change of the clock, from the event to the provider, by a clock of the test's own.</summary>
public sealed class QuietHoursDispatchTests
{
    private static readonly TimeSpan Jitter = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData("Europe/Vienna", "2026-03-28T22:00Z", "2026-03-29T05:00Z")]
    [InlineData("Europe/Vienna", "2026-10-24T21:00Z", "2026-10-25T06:00Z")]
    [InlineData("America/Santiago", "2026-09-06T03:00Z", "2026-09-06T10:00Z")]
    [InlineData("America/Santiago", "2026-04-05T01:30Z", "2026-04-05T11:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-03T12:00Z", "2026-10-03T20:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T12:00Z", "2026-04-04T20:30Z")]
    public async Task What_can_wait_waits_for_the_morning_of_its_recipient_and_what_is_urgent_does_not(
        string zone, string night, string morning)
    {
        using var notify = await NightAsync(zone, At(night));

        await notify.DispatchAsync(
            notify.Record(Event(notify, "critical", Priority.Critical)), notify.Record(Event(notify, "high", Priority.High)),
            notify.Record(Event(notify, "normal", Priority.Normal)));
        await notify.RunQueuesAsync();

        Assert.Equal(2, notify.Senders[Channel.Push].Targets.Count);
        var waits = await notify.ReadOnlyDeliveryAsync("normal");
        Assert.EndsWith("quiet_hours", waits.Reason, StringComparison.Ordinal);
        Assert.InRange(waits.Due!.Value, At(morning), At(morning) + Jitter);
        var sent = await UntilSentAsync(notify, 3);
        Assert.InRange(sent, waits.Due.Value, waits.Due.Value.AddMinutes(5));
    }

    [Fact]
    public async Task What_is_to_be_sent_later_and_at_night_is_sent_in_the_morning_after()
    {
        using var notify = await NightAsync("UTC", At("2026-03-06T12:00Z"));

        await notify.DispatchAsync(notify.Record(Event(notify, "e1", Priority.Normal) with { SendAt = At("2026-03-06T23:30Z") }));

        Assert.InRange((await notify.ReadOnlyDeliveryAsync("e1")).Due!.Value, At("2026-03-07T07:00Z"), At("2026-03-07T07:00Z") + Jitter);
    }

    [Fact]
    public async Task A_night_that_is_put_off_while_it_lasts_is_looked_at_when_it_would_have_ended()
    {
        using var notify = await NightAsync("UTC", At("2026-03-06T23:00Z"));
        await notify.DispatchAsync(notify.Record(Event(notify, "e1", Priority.Normal)));

        await QuietAsync(notify, "22:00", "09:00");

        Assert.InRange(await UntilSentAsync(notify, 1), At("2026-03-07T09:00Z"), At("2026-03-07T09:15Z"));
    }

    [Fact]
    public async Task What_gathers_over_a_night_is_one_digest_in_the_morning()
    {
        using var notify = await NightAsync("UTC", At("2026-03-06T23:00Z"));
        for (var n = 0; n < 20; n++)
        {
            await notify.DispatchAsync(notify.Record(Event(notify, "e" + n, Priority.Low) with { Channels = [Channel.Email] }));
            notify.Clock.Advance(TimeSpan.FromMinutes(20));
        }

        var sent = await UntilSentAsync(notify, 1, Channel.Email);

        Assert.InRange(sent, At("2026-03-07T07:00Z"), At("2026-03-07T07:20Z"));
        Assert.Equal("20 updates for you", Assert.Single(notify.Senders[Channel.Email].Requests).Content.Title);
    }

    [Fact]
    public async Task A_bare_address_has_the_night_of_the_default_zone()
    {
        using var notify = new NotifyHarness(
            clock: new ManualClock(At("2026-03-06T14:00Z")),
            settings: new Dictionary<string, string?> { ["Notify:Recipients:DefaultTimeZone"] = "Asia/Tokyo" });
        await QuietAsync(notify, "22:00", "07:00", "tel:+15555550100");

        await notify.DispatchAsync(notify.Record(
            Event(notify, "e1", Priority.Normal) with { Recipients = ["tel:+15555550100"], Channels = [Channel.Sms] }));

        Assert.InRange((await notify.ReadOnlyDeliveryAsync("e1")).Due!.Value, At("2026-03-06T22:00Z"), At("2026-03-06T22:00Z") + Jitter);
    }

    private static async Task<NotifyHarness> NightAsync(string zone, DateTimeOffset now)
    {
        var notify = new NotifyHarness(clock: new ManualClock(now));
        await notify.Get<TableRecipientDirectory>().PutAsync(
            new RecipientProfile { Id = "user_1", TimeZone = zone, Email = "user_1@example.com", PushTokens = ["t"] },
            CancellationToken.None);
        await QuietAsync(notify, "22:00", "07:00");
        return notify;
    }

    private static Task QuietAsync(NotifyHarness notify, string from, string to, string recipient = "user_1") =>
        notify.Get<PreferenceStore>().ChangeAsync(
        notify.Get<KeyedHashes>().RecipientHash(null, recipient), recipient, ChoiceVia.Api,
        before => before with
        {
            QuietHours = [
            new QuietWindow(TimeOnly.Parse(from, null), TimeOnly.Parse(to, null), QuietWindow.EveryDay, QuietWindow.Disturbing)]
        },
                CancellationToken.None);

    private static NotificationEvent Event(NotifyHarness notify, string id, Priority priority) =>
        TestEvents.Alert(id) with { Priority = priority, CreatedAt = notify.Clock.GetUtcNow() };

    // The timer's ticks, every five minutes, until the provider has so many; when that was.
    private static async Task<DateTimeOffset> UntilSentAsync(NotifyHarness notify, int count, Channel channel = Channel.Push)
    {
        for (var ticks = 0; notify.Senders[channel].Targets.Count < count; ticks++)
        {
            Assert.InRange(ticks, 0, 400);
            notify.Clock.Advance(TimeSpan.FromMinutes(5));
            await notify.Get<DigestSchedule>().EnqueueDueAsync(openToo: false, CancellationToken.None);
            await notify.RunQueuesAsync();
        }
        return notify.Clock.GetUtcNow();
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
