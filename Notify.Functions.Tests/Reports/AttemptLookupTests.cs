using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Reports;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Reports;

public sealed class AttemptLookupTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_attempt_is_found_by_its_UUID_among_those_of_its_recipient()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        foreach (var id in (string[])["e1", "e2", "e3"])
        {
            await notify.DispatchAsync(notify.Record(
                TestEvents.Alert() with { Id = id, Recipients = ["user_1"], Channels = [Channel.Email, Channel.Sms] }));
        }
        await notify.RunQueuesAsync();
        var deliveries = new List<string>();
        foreach (var id in (string[])["e1", "e2", "e3"])
        {
            deliveries.AddRange((await notify.ReadAsync(id)).Deliveries.Select(delivery => delivery.Id));
        }
        Assert.Equal(6, deliveries.Count);

        var named = await NameAsync(notify, [.. deliveries.Select(delivery => AttemptUuid.Derive(delivery + "~1"))]);

        Assert.Equal(deliveries.Select(delivery => delivery + "~1"), named.Select(report => report.AttemptId));
    }

    [Fact]
    public async Task What_is_not_there_stays_unnamed_and_what_is_named_stays_as_it_is()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { Recipients = ["user_1"], Channels = [Channel.Email] }));
        await notify.RunQueuesAsync();
        var delivery = (await notify.ReadAsync("e1")).Deliveries[0].Id;
        var named = new ProviderReport("as-it-is", "m", ReportedFact.Delivered, At) { AttemptUuid = AttemptUuid.Derive(delivery + "~1") };

        var reports = await notify.Get<AttemptLookup>().NameAsync(
            [named, Report(AttemptUuid.Derive(delivery + "~2")), Report(Guid.Empty), Report(uuid: null)], CancellationToken.None);

        Assert.Equal(["as-it-is", null, null, null], reports.Select(report => report.AttemptId));
    }

    [Fact]
    public async Task A_recipient_s_rows_are_not_looked_through_without_end()
    {
        using var notify = new NotifyHarness();
        var recipient = new DeliveryId("0123456789abcdef", At, new string('0', 26), Channel.Email);
        var oldest = new AttemptId(recipient with { CreatedAt = At - TimeSpan.FromDays(1) }, 1);
        var newer = Enumerable.Range(0, AttemptLookup.MostRows)
            .Select(n => new AttemptId(recipient with { CreatedAt = At + TimeSpan.FromMilliseconds(n) }, 1)).ToList();
        await notify.Get<DeliveryTable>()
            .InsertAttemptsAsync(newer.Prepend(oldest).Select(id => new AttemptRow { Id = id }), CancellationToken.None);

        var named = await NameAsync(notify, AttemptUuid.Derive(newer[0]), AttemptUuid.Derive(oldest));

        Assert.Equal([newer[0].ToString(), null], named.Select(report => report.AttemptId));
    }

    private static Task<IReadOnlyList<ProviderReport>> NameAsync(NotifyHarness notify, params Guid[] uuids) =>
        notify.Get<AttemptLookup>().NameAsync([.. uuids.Select(uuid => Report(uuid))], CancellationToken.None);

    private static ProviderReport Report(Guid? uuid) => new(AttemptId: null, "m", ReportedFact.Delivered, At) { AttemptUuid = uuid };
}
