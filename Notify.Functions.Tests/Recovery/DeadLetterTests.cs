using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Recovery;
using Notify.Functions.Sending;
using Notify.Functions.Sending.DeadLetters;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Recovery;

public sealed class DeadLetterTests
{
    [Fact]
    public async Task A_delivery_whose_tries_are_used_up_is_a_dead_letter_and_one_that_was_refused_for_good_is_none()
    {
        using var notify = await FailedAsync(2, target => target.Recipient == "r0"
            ? Away("503") : new SendResult.Rejected("not_registered"));

        Assert.All((await notify.ReadAsync("e1")).Deliveries, delivery => Assert.Equal("failed", delivery.Status));
        var cause = Assert.Single((await notify.Get<DeadLetterListing>().ByCauseAsync(CancellationToken.None)).Items);
        Assert.Equal(("retries_used_up: 503", 1), (cause.Cause, cause.Count));
        var delivery = Assert.Single((await notify.ReadAsync("e1")).Deliveries, one => one.Recipient == "r0");
        Assert.Equal((delivery.Id, delivery.Reason), (Assert.Single(cause.Samples).Delivery, cause.Cause));
    }

    [Fact]
    public async Task Causes_come_with_counts_and_samples_and_their_letters_in_pages()
    {
        using var notify = await FailedAsync(130, target => Away(target.Recipient is "r1" or "r2" ? "429" : "503"));
        var listing = notify.Get<DeadLetterListing>();

        var causes = await listing.ByCauseAsync(CancellationToken.None);
        var pages = new List<DeadLetterPage>();
        do
        {
            pages.Add(await listing.OfCauseAsync("retries_used_up: 503", pages.LastOrDefault()?.Next, 50, CancellationToken.None));
        }
        while (pages[^1].Next is not null);

        Assert.Equal(["retries_used_up: 503 128 3", "retries_used_up: 429 2 2"],
            causes.Items.Select(cause => $"{cause.Cause} {cause.Count} {cause.Samples.Count}"));
        Assert.False(causes.More);
        Assert.Equal([50, 50, 28], pages.Select(page => page.Items.Count));
        Assert.Equal(128, pages.SelectMany(page => page.Items).Select(item => item.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cause_that_no_letter_has_is_answered_with_those_that_there_are(bool preview)
    {
        using var notify = await FailedAsync(3, target => Away(target.Recipient == "r1" ? "429" : "503"));
        string[] causes = ["retries_used_up: 503", "retries_used_up: 429"];

        var mistyped = await notify.Get<DeadLetterRedrive>().RedriveAsync("retries_used_up: 530", preview, CancellationToken.None);
        var page = await notify.Get<DeadLetterListing>().OfCauseAsync("retries_used_up: 530", after: null, 50, CancellationToken.None);
        var real = await notify.Get<DeadLetterRedrive>().RedriveAsync(causes[1], preview: true, CancellationToken.None);

        Assert.Equal(0, mistyped.Count);
        Assert.Equal(causes, mistyped.Causes);
        Assert.Equal(causes, page.Causes);
        Assert.Null(real.Causes);
    }

    [Fact]
    public async Task A_preview_does_nothing_and_a_redrive_sends_each_once_however_often_it_is_asked_for()
    {
        using var notify = await FailedAsync(3, _ => Away("503"));
        var redrive = notify.Get<DeadLetterRedrive>();
        var before = notify.Senders[Channel.Push].Targets.Count;
        notify.Senders[Channel.Push].Answer = target => new SendResult.Accepted("m-" + target.AttemptId);

        var preview = await redrive.RedriveAsync("retries_used_up: 503", preview: true, CancellationToken.None);
        await notify.RunQueuesAsync();
        Assert.Equal((true, 3, before), (preview.Preview, preview.Count, notify.Senders[Channel.Push].Targets.Count));

        var first = await redrive.RedriveAsync(preview.Ids, preview: false, CancellationToken.None);
        var second = await redrive.RedriveAsync(preview.Ids, preview: false, CancellationToken.None);
        await notify.RunQueuesAsync();

        Assert.Equal((3, 0), (first.Count, second.Count));
        Assert.Equal(before + 3, notify.Senders[Channel.Push].Targets.Count);
        Assert.All((await notify.ReadAsync("e1")).Deliveries, delivery => Assert.Equal("sent", delivery.Status));
        Assert.Empty((await notify.Get<DeadLetterListing>().ByCauseAsync(CancellationToken.None)).Items);
    }

    [Fact]
    public async Task Who_dies_before_the_letter_is_out_sends_it_once_all_the_same()
    {
        using var notify = await FailedAsync(1, _ => Away("503"));
        var before = notify.Senders[Channel.Push].Targets.Count;
        notify.Senders[Channel.Push].Answer = target => new SendResult.Accepted("m-" + target.AttemptId);
        notify.Tables.BeforeWrite = (table, _) => string.Equals(table, "deadletters", StringComparison.Ordinal)
            ? throw new OperationCanceledException("died") : Task.CompletedTask;
        await Assert.ThrowsAsync<OperationCanceledException>(() => notify.Get<DeadLetterRedrive>()
            .RedriveAsync("retries_used_up: 503", preview: false, CancellationToken.None));
        notify.Tables.BeforeWrite = FaultyTables.Nothing;

        var again = await notify.Get<DeadLetterRedrive>().RedriveAsync("retries_used_up: 503", preview: false, CancellationToken.None);
        await notify.RunQueuesAsync();

        Assert.Equal(1, again.Count);
        Assert.Equal(before + 1, notify.Senders[Channel.Push].Targets.Count);
    }

    [Fact]
    public async Task A_letter_that_is_written_anew_while_it_is_sent_again_stays()
    {
        using var notify = new NotifyHarness();
        var box = notify.Get<DeadLetterBox>();
        var letter = DeadLetter.From(ChannelQueues.Sms, "x", "handler_failed", "the first time", notify.Clock.GetUtcNow());
        await box.AddAsync(letter, CancellationToken.None);
        notify.Tables.BeforeWrite = async (table, writes) =>
        {
            if (writes[0].Kind == TableWriteKind.Delete && string.Equals(table, "deadletters", StringComparison.Ordinal))
            {
                // It has come to nothing again, faster than this.
                notify.Tables.BeforeWrite = FaultyTables.Nothing;
                await box.AddAsync(letter with { Detail = "the second time" }, CancellationToken.None);
            }
        };

        await notify.Get<DeadLetterRedrive>().RedriveAsync("handler_failed", preview: false, CancellationToken.None);

        Assert.Equal("the second time", (await box.FindAsync(letter.Id, CancellationToken.None))?.Detail);
    }

    [Fact]
    public async Task What_is_sent_again_becomes_visible_little_by_little()
    {
        using var notify = await FailedAsync(5, _ => Away("503"), perSecond: "2");
        var before = notify.Senders[Channel.Push].Targets.Count;
        notify.Senders[Channel.Push].Answer = target => new SendResult.Accepted("m-" + target.AttemptId);

        await notify.Get<DeadLetterRedrive>().RedriveAsync("retries_used_up: 503", preview: false, CancellationToken.None);

        foreach (var expected in new[] { 2, 4, 5 })
        {
            await notify.RunQueuesAsync();
            Assert.Equal(before + expected, notify.Senders[Channel.Push].Targets.Count);
            notify.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task One_that_fails_again_is_a_dead_letter_again()
    {
        using var notify = await FailedAsync(1, _ => Away("503"));
        notify.Senders[Channel.Push].Answer = _ => Away("500");

        await notify.Get<DeadLetterRedrive>().RedriveAsync("retries_used_up: 503", preview: false, CancellationToken.None);
        await notify.RunQueuesAsync();

        Assert.Equal("retries_used_up: 500",
            Assert.Single((await notify.Get<DeadLetterListing>().ByCauseAsync(CancellationToken.None)).Items).Cause);
        Assert.Equal(("failed", "retries_used_up: 500"),
            ((await notify.ReadOnlyDeliveryAsync("e1")).Status, (await notify.ReadOnlyDeliveryAsync("e1")).Reason));
    }

    [Theory]
    [InlineData("", "not_json")]
    [InlineData("[]", "invalid")]
    [InlineData("{}", "missing")]
    [InlineData("""{"ids":[],"preview":true}""", "too_many")]
    [InlineData("""{"ids":["x"]}""", "invalid")]
    [InlineData("""{"ids":[7]}""", "invalid")]
    [InlineData("""{"cause":"a","ids":["m-0"]}""", "missing")]
    [InlineData("""{"cause":7}""", "unknown")]
    [InlineData("""{"cause":"a","preview":"yes"}""", "unknown")]
    [InlineData("""{"cause":"a","more":1}""", "unknown")]
    [InlineData("""{"cause":"\ud800"}""", "invalid")]
    [InlineData("""{"ids":["\ud800"]}""", "invalid")]
    [InlineData("""{"\ud800":1}""", "not_json")]
    public void A_faulty_request_is_told_what_is_wrong(string body, string code)
    {
        var (_, faults) = RedriveRequest.Read(System.Text.Encoding.UTF8.GetBytes(body));

        Assert.Contains(faults, fault => fault.Code == code);
    }

    // Longer than a function waits, so that every try is an attempt of its own.
    private static SendResult.Unavailable Away(string reason) => new(reason, TimeSpan.FromSeconds(6));

    // Every try of the schedule, until nothing is left to wait for.
    private static async Task<NotifyHarness> FailedAsync(int recipients, Func<SendTarget, SendResult> answer, string perSecond = "50")
    {
        var notify = new NotifyHarness(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Notify:DeadLetters:RedrivePerSecond"] = perSecond });
        string[] names = [.. Enumerable.Range(0, recipients).Select(n => $"r{n}")];
        foreach (var name in names)
        {
            await notify.AddRecipientAsync(name);
        }
        notify.Senders[Channel.Push].Answer = answer;
        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { Recipients = names }));
        for (var tries = 0; tries < 6; tries++)
        {
            await notify.RunQueuesAsync();
            notify.Clock.Advance(TimeSpan.FromMinutes(10));
        }
        return notify;
    }
}
