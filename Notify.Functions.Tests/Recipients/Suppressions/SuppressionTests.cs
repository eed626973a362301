using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;
using Notify.Functions.Reports;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Recipients.Suppressions;

public sealed class SuppressionTests
{
    [Theory]
    [InlineData("user_1")]
    [InlineData("user_2")]
    [InlineData("mailto:Jane@EXAMPLE.com")]
    public async Task A_suppressed_address_gets_nothing_whoever_it_belongs_to_and_however_urgent_it_is(string recipient)
    {
        using var notify = new NotifyHarness();
        await PutAsync(notify, "user_1", "jane@example.com");
        await AddAsync(notify, "JANE@example.com");
        await PutAsync(notify, "user_2", "Jane@Example.com");

        await SendAsync(notify, "e1", recipient);

        Assert.Empty(notify.Senders[Channel.Email].Targets);
        Assert.Equal(("suppressed", "suppressed_address"), (await notify.ReadOnlyDeliveryAsync("e1")) is var seen
            ? (seen.Status, seen.Reason) : default);
    }

    [Fact]
    public async Task Another_address_another_channel_and_another_tenant_are_not_concerned()
    {
        using var notify = new NotifyHarness();
        await PutAsync(notify, "user_1", "jane@example.com");
        await PutAsync(notify, "user_1", "jane@example.com", "acme");
        await PutAsync(notify, "user_3", "john@example.com");
        await AddAsync(notify, "jane@example.com");

        await notify.DispatchAsync(
            notify.Record(TestEvents.Alert("e1") with { Recipients = ["user_1"], Channels = [Channel.Sms] }),
            notify.Record(TestEvents.Alert("e2") with { Recipients = ["user_1"], Channels = [Channel.Email], Tenant = "acme" }),
            notify.Record(TestEvents.Alert("e3") with { Recipients = ["user_3"], Channels = [Channel.Email] }));
        await notify.RunQueuesAsync();

        Assert.Single(notify.Senders[Channel.Sms].Targets);
        Assert.Equal(["jane@example.com", "john@example.com"], notify.Senders[Channel.Email].Targets.Select(target => target.Addresses[0])
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_taken_off_the_list_is_sent_to_again()
    {
        using var notify = new NotifyHarness();
        await PutAsync(notify, "user_1", "jane@example.com");
        var suppression = await AddAsync(notify, "jane@example.com");
        await SendAsync(notify, "e1", "user_1");

        Assert.True(await notify.Get<SuppressionList>().RemoveAsync(null, suppression.Id, CancellationToken.None));
        Assert.False(await notify.Get<SuppressionList>().RemoveAsync(null, suppression.Id, CancellationToken.None));
        await SendAsync(notify, "e2", "user_1");
        await SendAsync(notify, "e3", "mailto:jane@example.com");

        Assert.Equal(2, notify.Senders[Channel.Email].Targets.Count);
    }

    [Fact]
    public async Task Whoever_takes_another_address_is_reached_there_and_whoever_takes_a_suppressed_one_is_not()
    {
        using var notify = new NotifyHarness();
        await PutAsync(notify, "user_1", "jane@example.com");
        await AddAsync(notify, "jane@example.com");

        await PutAsync(notify, "user_1", "new@example.com");
        await notify.Get<TableRecipientDirectory>()
            .ChangeAsync(null, "user_1", before => before with { PushTokens = [] }, CancellationToken.None);
        await SendAsync(notify, "e1", "user_1");
        await notify.Get<TableRecipientDirectory>()
            .ChangeAsync(null, "user_1", before => before with { Email = "jane@example.com" }, CancellationToken.None);
        await SendAsync(notify, "e2", "user_1");

        Assert.Equal(["new@example.com"], notify.Senders[Channel.Email].Targets.Select(target => target.Addresses[0]));
        Assert.Equal("suppressed_address", (await notify.ReadOnlyDeliveryAsync("e2")).Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_profile_and_a_suppression_that_meet_see_each_other_at_every_step(int step)
    {
        using var notify = new NotifyHarness();
        var writes = 0;
        notify.Tables.BeforeWrite = async (_, _) =>
        {
            if (++writes == step)
            {
                await AddAsync(notify, "jane@example.com");
            }
        };

        await notify.Get<TableRecipientDirectory>()
            .PutAsync(new RecipientProfile { Id = "user_1", Email = "jane@example.com" }, CancellationToken.None);
        notify.Tables.BeforeWrite = FaultyTables.Nothing;
        if (writes < step)
        {
            await AddAsync(notify, "jane@example.com");
        }
        await SendAsync(notify, "e1", "user_1");

        Assert.Equal("suppressed_address", (await notify.ReadOnlyDeliveryAsync("e1")).Reason);
    }

    [Theory]
    [InlineData(ReportedFact.Bounced, SuppressionSource.Bounce)]
    [InlineData(ReportedFact.Complained, SuppressionSource.Complaint)]
    [InlineData(ReportedFact.Unsubscribed, SuppressionSource.Unsubscribe)]
    public async Task A_report_suppresses_the_address_that_it_is_about(ReportedFact fact, SuppressionSource source)
    {
        using var notify = new NotifyHarness();
        await PutAsync(notify, "user_1", "jane@example.com");
        await SendAsync(notify, "e1", "user_1");

        await ReportAsync(notify, fact);
        await ReportAsync(notify, fact);
        await SendAsync(notify, "e2", "user_1");

        var listed = await notify.Get<SuppressionList>().FindAsync(null, Channel.Email, "jane@example.com", CancellationToken.None);
        Assert.Equal((source, "jane@example.com", "550 5.1.1"), (listed!.Source, listed.Address, listed.Detail));
        Assert.Equal("suppressed_address", (await notify.ReadOnlyDeliveryAsync("e2")).Reason);
    }

    [Fact]
    public async Task A_report_about_an_address_that_was_replaced_leaves_the_new_one_alone()
    {
        using var notify = new NotifyHarness();
        await PutAsync(notify, "user_1", "old@example.com");
        await SendAsync(notify, "e1", "user_1");
        await PutAsync(notify, "user_1", "new@example.com");

        await ReportAsync(notify, ReportedFact.Bounced);
        await SendAsync(notify, "e2", "user_1");
        await PutAsync(notify, "user_1", "old@example.com");
        await SendAsync(notify, "e3", "user_1");

        Assert.Equal("sent", (await notify.ReadOnlyDeliveryAsync("e2")).Status);
        Assert.Equal("suppressed_address", (await notify.ReadOnlyDeliveryAsync("e3")).Reason);
    }

    [Fact]
    public async Task An_address_that_a_provider_calls_dead_is_used_no_more_and_the_recipients_other_devices_are()
    {
        using var notify = new NotifyHarness();
        await notify.Get<TableRecipientDirectory>()
            .PutAsync(new RecipientProfile { Id = "user_1", PushTokens = ["old-phone", "new-phone"] }, CancellationToken.None);
        notify.Senders[Channel.Push].Answer = _ => new SendResult.Accepted("m1") { DeadAddresses = ["old-phone"] };
        await PushAsync(notify, "e1");
        notify.Senders[Channel.Push].Answer = _ => new SendResult.Rejected("fcm:UNREGISTERED", AddressIsDead: true);
        await PushAsync(notify, "e2");
        await PushAsync(notify, "e3");

        Assert.Equal(["old-phone new-phone", "new-phone"],
            notify.Senders[Channel.Push].Targets.Select(target => string.Join(' ', target.Addresses)));
        Assert.Equal("suppressed_address", (await notify.ReadOnlyDeliveryAsync("e3")).Reason);
    }

    [Fact]
    public async Task What_waits_to_be_sent_again_is_not_sent_to_an_address_that_was_suppressed_since()
    {
        using var notify = new NotifyHarness();
        await PutAsync(notify, "user_1", "jane@example.com");
        notify.Senders[Channel.Email].Answer = _ => new SendResult.Unavailable("503", TimeSpan.FromSeconds(10));
        await SendAsync(notify, "e1", "user_1");
        var tries = notify.Senders[Channel.Email].Targets.Count;

        await AddAsync(notify, "jane@example.com");
        notify.Clock.Advance(TimeSpan.FromMinutes(10));
        await notify.RunQueuesAsync();

        Assert.Equal(tries, notify.Senders[Channel.Email].Targets.Count);
        Assert.Equal(("suppressed", "suppressed_address"), (await notify.ReadOnlyDeliveryAsync("e1")) is var seen
            ? (seen.Status, seen.Reason) : default);
    }

    [Fact]
    public async Task What_has_stood_in_a_lane_for_long_is_looked_at_before_it_is_sent()
    {
        using var notify = new NotifyHarness();
        await PutAsync(notify, "user_1", "jane@example.com");
        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { Channels = [Channel.Email] }));

        await AddAsync(notify, "jane@example.com");
        notify.Clock.Advance(TimeSpan.FromHours(3));
        await notify.RunQueuesAsync();

        Assert.Empty(notify.Senders[Channel.Email].Targets);
        Assert.Equal("suppressed_address", (await notify.ReadOnlyDeliveryAsync("e1")).Reason);
    }

    [Fact]
    public async Task A_digest_is_not_sent_to_an_address_that_was_suppressed_while_it_was_gathered()
    {
        using var notify = new NotifyHarness();
        await PutAsync(notify, "user_1", "jane@example.com");
        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { Priority = Priority.Low, Channels = [Channel.Email] }));

        await AddAsync(notify, "jane@example.com");
        notify.Clock.Advance(TimeSpan.FromMinutes(6));
        await notify.Get<Notify.Functions.Digests.DigestSchedule>().EnqueueDueAsync(openToo: false, CancellationToken.None);
        await notify.RunQueuesAsync();

        Assert.Empty(notify.Senders[Channel.Email].Targets);
        Assert.Equal("suppressed_address", (await notify.ReadOnlyDeliveryAsync("e1")).Reason);
    }

    private static Task PutAsync(NotifyHarness notify, string id, string email, string? tenant = null) =>
        notify.Get<TableRecipientDirectory>().PutAsync(
        new RecipientProfile { Id = id, Tenant = tenant, Email = email, Phone = "+15555550100", PushTokens = ["t-" + id] },
        CancellationToken.None);

    private static Task<Suppression> AddAsync(NotifyHarness notify, string address) =>
        notify.Get<SuppressionList>().AddAsync(null, Channel.Email, address, SuppressionSource.Manual, "asked by phone",
            CancellationToken.None);

    private static async Task SendAsync(NotifyHarness notify, string id, string recipient)
    {
        await notify.DispatchAsync(notify.Record(TestEvents.Alert(id) with { Recipients = [recipient], Channels = [Channel.Email] }));
        await notify.RunQueuesAsync();
    }

    private static async Task PushAsync(NotifyHarness notify, string id)
    {
        await notify.DispatchAsync(notify.Record(TestEvents.Alert(id)));
        await notify.RunQueuesAsync();
    }

    private static Task ReportAsync(NotifyHarness notify, ReportedFact fact)
    {
        var attempt = new AttemptId(notify.Get<KeyedHashes>().Delivery(TestEvents.Alert(), "user_1", Channel.Email), 1);
        return notify.Get<ReportedAddressSuppressor>().SuppressAsync(
            "sendgrid", [new ProviderReport(attempt.ToString(), null, fact,
                notify.Clock.GetUtcNow()) { Effect = ReportEffect.SuppressAddress, Detail = "550 5.1.1" }], CancellationToken.None);
    }
}
