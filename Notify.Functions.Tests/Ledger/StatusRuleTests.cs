using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Tests.Ledger;

public sealed class StatusRuleTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeliveryId Id = new("0123456789abcdef", At, "0123456789abcdef0123456789", Channel.Email);

    // The order of design: what stands further right wins within an attempt.
    private static readonly string[] Rising = ["expiredAt", "cancelledAt", "sentAt", "failedAt", "deliveredAt", "bouncedAt"];

    [Theory]
    [InlineData(DecisionKind.Send, DeliveryStatus.Pending)]
    [InlineData(DecisionKind.Batch, DeliveryStatus.Batched)]
    [InlineData(DecisionKind.Suppress, DeliveryStatus.Suppressed)]
    [InlineData(DecisionKind.Expire, DeliveryStatus.Expired)]
    public void Without_an_attempt_the_decision_says_it(DecisionKind kind, DeliveryStatus status) => Assert.Equal(status, StatusRule.Of(Decided(kind), []));

    [Fact]
    public void Facts_may_come_in_any_order_and_the_status_never_goes_back()
    {
        foreach (var order in Permutations(Rising))
        {
            var row = new TableRow(Id.Partition, new AttemptId(Id, 1).ToString());
            var reached = -1;
            foreach (var fact in order)
            {
                row[fact] = At;
                reached = Math.Max(reached, Array.IndexOf(Rising, fact));
                Assert.Equal(Rising[reached], Name(StatusRule.Of(Decided(DecisionKind.Send), [DeliveryRows.Attempt(row)])));
            }
        }
    }

    [Fact]
    public void The_highest_attempt_wins_whatever_became_of_the_others()
    {
        var first = Attempt(9, "bouncedAt");
        var second = Attempt(10, "sentAt");

        Assert.Equal(DeliveryStatus.Sent, StatusRule.Of(Decided(DecisionKind.Send), [second, first]));
    }

    [Theory]
    [InlineData("retryAt")]
    [InlineData("unknownAt")]
    [InlineData("claim")]
    public void What_is_neither_sent_nor_given_up_is_pending(string fact) =>
        Assert.Equal(DeliveryStatus.Pending, StatusRule.Of(Decided(DecisionKind.Send), [Attempt(1, fact)]));

    private static string Name(DeliveryStatus status) => char.ToLowerInvariant(status.ToString()[0]) + status.ToString()[1..] + "At";

    private static AttemptRow Attempt(int number, string fact) =>
        DeliveryRows.Attempt(new TableRow(Id.Partition, new AttemptId(Id, number).ToString()) { [fact] = fact == "claim" ? "c" : At });

    private static DecisionRow Decided(DecisionKind kind) => new()
    {
        Id = Id,
        EventId = "e",
        Recipient = "u",
        Priority = Priority.Low,
        Type = EventType.Alert,
        Decision = new Decision(kind, "r"),
        At = At,
    };

    private static IEnumerable<string[]> Permutations(string[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany((item, index) => Permutations([.. items.Where((_, other) => other != index)]).Select(rest => (string[])[item, .. rest]));
}
