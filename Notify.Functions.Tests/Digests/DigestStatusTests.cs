using System.Net;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Reports;
using Notify.Functions.Sending;
using Notify.Functions.Status;
using Notify.Functions.Tests.Cancellation;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.Digests;

/// <summary>What became of a digest became of its members.</summary>
public sealed class DigestStatusTests
{
    [Theory]
    [InlineData("not closed", "batched digest")]
    [InlineData("closed", "batched digest")]
    [InlineData("being tried again", "batched digest")]
    [InlineData("sent", "sent sent")]
    [InlineData("delivered", "delivered delivered")]
    [InlineData("bounced", "bounced 550 5.1.1")]
    [InlineData("failed", "failed 21211")]
    [InlineData("given up", "failed retries_used_up: 503")]
    [InlineData("suppressed by an older version", "suppressed opted_out")]
    public async Task A_member_says_what_its_digest_has_come_to(string end, string fate)
    {
        using var notify = await Digesting.HarnessAsync(Digesting.Item("e1", "news"), Digesting.Item("e2", "comments"));

        await EndAsync(notify, end);

        Assert.Equal([fate, fate], [await notify.FateAsync("e1"), await notify.FateAsync("e2")]);
        // Every way to read it says the same.
        var status = fate.Split(' ')[0];
        Assert.Equal(status, Assert.Single((await notify.ReadAsync("e1")).Counts).Key);
        var own = await OfRecipientAsync(notify, status: null);
        Assert.Equal(["e1", "e2"], own.Where(one => $"{one.Status} {one.Reason}" == fate).Select(one => one.EventId!)
            .Where(id => id is "e1" or "e2").Order(StringComparer.Ordinal));
        var asked = await OfRecipientAsync(notify, Enum.Parse<DeliveryStatus>(status, ignoreCase: true));
        Assert.Equal(["e1", "e2"], asked.Select(one => one.EventId!).Where(id => id is "e1" or "e2").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_member_tells_its_story_from_its_decision_over_the_digest_to_the_end()
    {
        using var notify = await Digesting.HarnessAsync(Digesting.Item("e1", "news"), Digesting.Item("e2", "comments"));
        await EndAsync(notify, "delivered");

        var member = await notify.ReadOnlyDeliveryAsync("e1");

        Assert.Equal(["decided", "gathered", "claimed", "sent", "delivered"], member.Timeline.Select(entry => entry.Fact));
        Assert.Equal(member.Digest, member.Timeline[1].Detail);
        Assert.Equal(("sendgrid", $"m-{member.Digest}~1", 1), (member.Provider, member.ProviderMessageId, member.Attempts));
    }

    [Fact]
    public async Task A_digest_is_read_by_the_id_that_its_members_name_with_its_members()
    {
        using var notify = await Digesting.HarnessAsync(Digesting.Item("e1", "news"), Digesting.Item("e2", "comments"),
            Digesting.Item("e3", "offers"));
        await notify.CloseAsync();
        await notify.ChooseAsync(PreferenceKeys.OfCategory("offers"));
        await notify.RunToTheEndAsync();
        var id = (await notify.ReadOnlyDeliveryAsync("e1")).Digest!;

        var digest = (await notify.Get<DigestReader>().FindAsync(null, id, CancellationToken.None))!;

        Assert.Equal((id, "alert", "low", null), (digest.Id, digest.Type, digest.Priority, digest.Tenant));
        Assert.Equal("sent", Assert.Single(digest.Deliveries).Status);
        Assert.Equal(["e1 sent", "e2 sent", "e3 suppressed"], digest.Members.Select(member => $"{member.EventId} {member.Status}")
            .Order(StringComparer.Ordinal));
        Assert.Equal([KeyValuePair.Create("sent", 2), KeyValuePair.Create("suppressed", 1)], digest.Counts);
        Assert.Equal(id, (await OfRecipientAsync(notify, status: null)).Single(one =>
            one.EventId!.Contains('.', StringComparison.Ordinal)).EventId);
        // Neither another tenant's, nor a delivery that is no digest.
        Assert.Null(await notify.Get<DigestReader>().FindAsync("acme", id, CancellationToken.None));
        Assert.Null(await notify.Get<DigestReader>()
            .FindAsync(null, (await notify.ReadOnlyDeliveryAsync("e1")).Id, CancellationToken.None));
        Assert.Null(await notify.Get<DigestReader>().FindAsync(null, "e1", CancellationToken.None));
    }

    [Fact]
    public async Task The_api_answers_for_a_digest_with_its_members()
    {
        // No tick of the timer comes between.
        await using var app = await AppHost.StartAsync(setup => setup.Settings["Notify:Batching:Window"] = "1.00:00:00");
        const string Low =
            """{"type":"alert","priority":"low","recipients":["user_1"],"channels":["email"],"payload":{"title":"A comment","message":"It says."}}""";
        string[] ids = [await app.NotifyAsync(Low), await app.NotifyAsync(Low)];
        foreach (var id in ids)
        {
            await app.WaitForStatusAsync(id, "batched");
        }
        using var run = await app.PostAsync("/admin/functions/BuildDigests", "{}");

        var delivered = await app.WaitForStatusAsync(ids[0], "delivered");
        var digest = await app.GetAsync("/api/notifications/" + AppHost.Deliveries(delivered)[0].GetProperty("digest").GetString());

        Assert.Equal("delivered", Assert.Single(AppHost.Deliveries(digest)).GetProperty("status").GetString());
        Assert.Equal(
            ids.Order(StringComparer.Ordinal), digest.GetProperty("members").EnumerateArray()
                .Select(member => member.GetProperty("eventId").GetString()).Order(StringComparer.Ordinal));
        using var unknown = await app.Http.GetAsync(new Uri("/api/notifications/" + ids[0] + ".x", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static async Task EndAsync(NotifyHarness notify, string end)
    {
        var email = notify.Senders[Channel.Email];
        switch (end)
        {
            case "not closed":
                return;
            case "closed":
                await notify.CloseAsync();
                return;
            case "being tried again":
                email.Answer = _ => new SendResult.Unavailable("503", TimeSpan.FromMinutes(10));
                break;
            case "failed":
                email.Answer = _ => new SendResult.Rejected("21211");
                break;
            case "given up":
                email.Answer = _ => new SendResult.Unavailable("503", TimeSpan.FromSeconds(6));
                await notify.CloseAndSendAsync();
                for (var tries = 0; tries < 6; tries++)
                {
                    notify.Clock.Advance(TimeSpan.FromHours(3));
                    await notify.RunQueuesAsync();
                }
                return;
            case "suppressed by an older version":
                await CloseAsAnOlderVersionAsync(notify);
                return;
        }
        await notify.CloseAndSendAsync();
        if (end is "delivered" or "bounced")
        {
            var report = new ProviderReport(email.Targets[^1].AttemptId, "m", end == "delivered"
                ? ReportedFact.Delivered : ReportedFact.Bounced, notify.Clock.GetUtcNow().AddSeconds(1))
            {
                Detail = end == "bounced" ? "550 5.1.1" : null,
            };
            await notify.Get<ReportRecorder>().MergeAsync("sendgrid", [report], CancellationToken.None);
        }
    }

    // It decided whole digests, and members followed.
    private static async Task CloseAsAnOlderVersionAsync(NotifyHarness notify)
    {
        var deliveries = notify.Get<DeliveryTable>();
        var items = await deliveries.DigestItemsOfAsync(notify.Get<KeyedHashes>().RecipientHash(null, "user_1"), CancellationToken.None)
            .ToListAsync();
        var id = items[0].Delivery with
        {
            CreatedAt = items[0].WindowEnd,
            EventHash = notify.Get<KeyedHashes>()
            .DigestHash(items[0].Delivery)
        };
        var digest = new DecisionRow
        {
            Id = id,
            EventId = "digest." + id.EventHash,
            Recipient = "user_1",
            Priority = Priority.Low,
            Type = EventType.Alert,
            Decision = new Decision(DecisionKind.Suppress, "opted_out"),
            At = notify.Clock.GetUtcNow(),
            Members = string.Join(' ', items.Select(item => item.Delivery)),
        };
        Assert.True((await deliveries.CloseDigestAsync(items, digest, new ClosedDigest(id, ChannelQueues.Email, "never sent"),
            CancellationToken.None)).IsDone);
        await notify.CloseAndSendAsync();
    }

    private static async Task<IReadOnlyList<DeliveryView>> OfRecipientAsync(NotifyHarness notify, DeliveryStatus? status) =>
        (await notify.Get<RecipientDeliveries>()
            .ReadAsync(new RecipientQuery(null, "user_1", Status: status), after: null, 50, CancellationToken.None)).Items;
}
