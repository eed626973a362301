using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Reports;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Reports;

public sealed class ReportRecorderTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Reports_in_any_order_and_however_often_give_the_same_end()
    {
        var facts = new[] { ReportedFact.Sent, ReportedFact.Delivered, ReportedFact.Opened, ReportedFact.Clicked };
        var random = new Random(11);
        for (var run = 0; run < 20; run++)
        {
            using var notify = await SentAsync(1);
            var attempt = await AttemptAsync(notify, 0);
            var reports = facts.Concat(facts).OrderBy(_ => random.Next())
                .Select(fact => Report(attempt, fact) with { ReportId = "id-" + fact }).ToList();

            foreach (var some in reports.Chunk(random.Next(1, 4)))
            {
                await MergeAsync(notify, some);
            }

            var delivery = (await notify.ReadAsync("e1")).Deliveries[0];
            Assert.Equal("delivered", delivery.Status);
            Assert.Single(delivery.Timeline, entry => entry.Fact == "opened" && entry.Detail is null);
            Assert.Single(delivery.Timeline, entry => entry.Fact == "clicked" && entry.Detail is null);
        }
    }

    [Fact]
    public async Task A_late_report_of_something_smaller_changes_no_status()
    {
        using var notify = await SentAsync(1);
        var attempt = await AttemptAsync(notify, 0);

        await MergeAsync(notify, Report(attempt, ReportedFact.Bounced) with { Detail = "550" });
        await MergeAsync(notify, Report(attempt, ReportedFact.Delivered));
        await MergeAsync(notify, Report(attempt, ReportedFact.Failed) with { Detail = "dropped" });

        var delivery = (await notify.ReadAsync("e1")).Deliveries[0];
        Assert.Equal(("bounced", "550"), (delivery.Status, delivery.Reason));
    }

    [Fact]
    public async Task A_fact_is_set_once_and_counts_go_up_by_distinct_reports()
    {
        using var notify = await SentAsync(1);
        var attempt = await AttemptAsync(notify, 0);

        await MergeAsync(notify, Report(attempt, ReportedFact.Delivered),
            Report(attempt, ReportedFact.Opened) with { ReportId = "a", At = At.AddMinutes(5) });
        await MergeAsync(notify, Report(attempt, ReportedFact.Delivered) with { At = At.AddHours(1) },
            Report(attempt, ReportedFact.Opened) with { ReportId = "b", At = At.AddMinutes(2) });
        await MergeAsync(notify, Report(attempt, ReportedFact.Opened) with { ReportId = "a", At = At.AddMinutes(5) });

        var timeline = (await notify.ReadAsync("e1")).Deliveries[0].Timeline;
        Assert.Equal(At, timeline.Single(entry => entry.Fact == "delivered").At);
        Assert.Equal((At.AddMinutes(2), "2 times"),
            (timeline.Single(entry => entry.Fact == "opened").At, timeline.Single(entry => entry.Fact == "opened").Detail));
    }

    [Fact]
    public async Task Reports_on_what_is_not_there_change_nothing()
    {
        using var notify = await SentAsync(1);
        var attempt = await AttemptAsync(notify, 0);
        Assert.True(AttemptId.TryParse(attempt, out var id));

        await MergeAsync(
            notify,
            Report(new AttemptId(id.Delivery, 7).ToString(), ReportedFact.Bounced),
            Report(new AttemptId(id.Delivery with { RecipientHash = "0000000000000000" }, 1).ToString(), ReportedFact.Bounced),
            Report("someone else's", ReportedFact.Bounced),
            Report(attempt, ReportedFact.Delivered));

        var delivery = (await notify.ReadAsync("e1")).Deliveries[0];
        Assert.Equal(("delivered", 1), (delivery.Status, delivery.Attempts));
        Assert.Contains(notify.Log.Lines, line => line.Contains("3 not ours", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_else_s_write_in_between_loses_no_fact()
    {
        using var notify = await SentAsync(30);
        var attempts = await Task.WhenAll(Enumerable.Range(0, 30).Select(n => AttemptAsync(notify, n)));
        var other = notify.Get<ReportRecorder>();
        var interrupted = false;
        notify.Tables.BeforeWrite = async (_, _) =>
        {
            if (!interrupted)
            {
                interrupted = true;
                await other.MergeAsync("sendgrid",
                    [.. attempts.Select(attempt => Report(attempt, ReportedFact.Opened) with { ReportId = "o" })], CancellationToken.None);
            }
        };

        await MergeAsync(notify, [.. attempts.Select(attempt => Report(attempt, ReportedFact.Delivered))]);

        Assert.All((await notify.ReadAsync("e1")).Deliveries, one =>
        {
            Assert.Equal("delivered", one.Status);
            Assert.Single(one.Timeline, entry => entry.Fact == "opened");
        });
    }

    private static async Task<NotifyHarness> SentAsync(int recipients)
    {
        var notify = new NotifyHarness();
        var names = Enumerable.Range(0, recipients).Select(n => "user_" + n).ToList();
        foreach (var name in names)
        {
            await notify.AddRecipientAsync(name);
        }
        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { Recipients = names, Channels = [Channel.Email] }));
        await notify.RunQueuesAsync();
        return notify;
    }

    private static async Task<string> AttemptAsync(NotifyHarness notify, int index) =>
        (await notify.ReadAsync("e1")).Deliveries[index].Id + "~1";

    private static ProviderReport Report(string attempt, ReportedFact fact) => new(attempt, "m", fact, At);

    private static Task MergeAsync(NotifyHarness notify, params ProviderReport[] reports) =>
        notify.Get<ReportRecorder>().MergeAsync("sendgrid", reports, CancellationToken.None);
}
