using Notify.Functions.Contract;
using Notify.Functions.Reports;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Reports;

/// <summary>What a provider reports, and that its answer was lost, in every order, by those who write it.</summary>
public sealed class FactOrderTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Every set of up to three reports.</summary>
    public static TheoryData<ReportedFact[]> Sets()
    {
        ReportedFact[] facts = [ReportedFact.Sent, ReportedFact.Failed, ReportedFact.Delivered, ReportedFact.Bounced];
        var sets = new TheoryData<ReportedFact[]>();
        for (var bits = 0; bits < 1 << facts.Length; bits++)
        {
            var set = facts.Where((_, index) => (bits & (1 << index)) != 0).ToArray();
            if (set.Length <= 3)
            {
                sets.Add(set);
            }
        }
        return sets;
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Every_order_ends_alike_and_no_step_takes_away_what_the_recipient_has(ReportedFact[] set)
    {
        var ends = new HashSet<string>(StringComparer.Ordinal);
        foreach (var order in Permutations([null, .. set.Select(fact => (ReportedFact?)fact)]))
        {
            ends.Add(await EndAsync(order));
        }

        Assert.Equal([Expected(set)], ends);
    }

    private static string Expected(ReportedFact[] set) =>
        set.Contains(ReportedFact.Bounced) ? "bounced 550"
        : set.Contains(ReportedFact.Delivered) ? "delivered delivered"
        : set.Contains(ReportedFact.Failed) ? "failed refused"
        : set.Contains(ReportedFact.Sent) ? "sent sent"
        : "failed ambiguous_not_repeated";

    // Null: the sender writes down that the answer is lost. Each report comes twice.
    private static async Task<string> EndAsync(ReportedFact?[] order)
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        var sender = notify.Senders[Channel.Email];
        sender.Answer = _ => new SendResult.Unknown("timeout");
        sender.Meanwhile = async request =>
        {
            foreach (var fact in order.TakeWhile(fact => fact is not null))
            {
                await ReportAsync(notify, request.Targets[0].AttemptId, fact!.Value);
            }
        };
        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { Type = EventType.Marketing, Channels = [Channel.Email] }));
        await notify.RunQueuesAsync();

        var before = (await notify.ReadOnlyDeliveryAsync("e1")).Status;
        foreach (var fact in order.SkipWhile(fact => fact is not null).Skip(1))
        {
            await ReportAsync(notify, sender.Targets[0].AttemptId, fact!.Value);
            var after = (await notify.ReadOnlyDeliveryAsync("e1")).Status;
            Assert.True(before is not "delivered" || after is "delivered" or "bounced", $"{before}, then {after}");
            before = after;
        }
        Assert.Single(sender.Targets);
        var delivery = await notify.ReadOnlyDeliveryAsync("e1");
        return $"{delivery.Status} {delivery.Reason}";
    }

    private static async Task ReportAsync(NotifyHarness notify, string attempt, ReportedFact fact)
    {
        for (var times = 0; times < 2; times++)
        {
            await notify.Get<ReportRecorder>().MergeAsync(
                "sendgrid", [new ProviderReport(attempt, "m", fact, At) { Detail = fact == ReportedFact.Bounced ? "550" : "refused" }],
                CancellationToken.None);
        }
    }

    private static IEnumerable<ReportedFact?[]> Permutations(ReportedFact?[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany((item, index) =>
            Permutations([.. items.Where((_, other) => other != index)]).Select(rest => (ReportedFact?[])[item, .. rest]));
}
