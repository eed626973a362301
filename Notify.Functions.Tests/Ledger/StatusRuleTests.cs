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

    private static readonly Dictionary<string, Action<TableRow>> Facts = new(StringComparer.Ordinal)
    {
        ["claimed"] = row => row["claim"] = "c",
        ["retry"] = row => row["retryAt"] = At,
        ["unknown"] = row => row["unknownAt"] = At,
        ["suppressed"] = row => row["suppressedAt"] = At,
        ["expired"] = row => row["expiredAt"] = At,
        ["cancelled"] = row => row["cancelledAt"] = At,
        ["given up"] = row => (row["failedAt"], row["failedReason"]) = (At, DeliveryReasons.AmbiguousDropped),
        ["sent"] = row => row["sentAt"] = At,
        ["failed"] = row => (row["failedAt"], row["failedReason"]) = (At, "550"),
        ["delivered"] = row => row["deliveredAt"] = At,
        ["bounced"] = row => row["bouncedAt"] = At,
    };

    [Theory]
    [InlineData(DecisionKind.Send, DeliveryStatus.Pending)]
    [InlineData(DecisionKind.Batch, DeliveryStatus.Batched)]
    [InlineData(DecisionKind.Suppress, DeliveryStatus.Suppressed)]
    [InlineData(DecisionKind.Expire, DeliveryStatus.Expired)]
    public void Without_an_attempt_the_decision_says_it(DecisionKind kind, DeliveryStatus status) =>
        Assert.Equal(status, StatusRule.Apply(Decided(kind), []));

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
                Assert.Equal(Rising[reached], Name(StatusRule.Apply(Decided(DecisionKind.Send), [DeliveryRows.Attempt(row)])));
            }
        }
    }

    [Fact]
    public void The_page_has_the_status_of_every_pair_of_facts_whichever_came_first()
    {
        var table = Table("## Facts of one attempt");
        Assert.Equal(Facts.Keys.Order(StringComparer.Ordinal), table.Keys.Select(pair => pair.Row).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal));
        Assert.Equal(Facts.Count * Facts.Count, table.Count);
        foreach (var ((one, other), status) in table)
        {
            var row = new TableRow(Id.Partition, new AttemptId(Id, 1).ToString());
            Facts[one](row);
            Facts[other](row);
            // The provider's own word stands where we have guessed.
            (one is "failed" && other is "given up" ? Facts[one] : _ => { })(row);
            Assert.Equal((one, other, status),
                (one, other, StatusRule.Apply(Decided(DecisionKind.Send), [DeliveryRows.Attempt(row)]).ToString().ToLowerInvariant()));
        }
    }

    [Fact]
    public void The_page_has_the_status_of_every_pair_of_attempts()
    {
        var table = Table("## Attempts of one delivery");
        var ends = Facts.Where(fact => fact.Key is not ("retry" or "unknown" or "given up"))
            .ToDictionary(fact => fact.Key == "claimed" ? "pending" : fact.Key, fact => fact.Value);
        Assert.Equal(ends.Count * ends.Count, table.Count);
        foreach (var ((earlier, later), status) in table)
        {
            var rows = new[] { earlier, later }.Select((end, index) =>
            {
                var row = new TableRow(Id.Partition, new AttemptId(Id, 9 + index).ToString());
                ends[end](row);
                return DeliveryRows.Attempt(row);
            }).ToList();
            Assert.Equal((earlier, later, status),
                (earlier, later, StatusRule.Apply(Decided(DecisionKind.Send), rows).ToString().ToLowerInvariant()));
            rows.Reverse();
            Assert.Equal(status, StatusRule.Apply(Decided(DecisionKind.Send), rows).ToString().ToLowerInvariant());
        }
    }

    [Theory]
    [InlineData("opened")]
    [InlineData("clicked")]
    [InlineData("complained")]
    [InlineData("unsubscribed")]
    [InlineData("resubscribed")]
    public void What_was_opened_has_arrived(string kind) =>
        Assert.Equal(DeliveryStatus.Delivered, StatusRule.Apply(Decided(DecisionKind.Send), [Attempt(1, kind + "At")]));

    [Theory]
    [InlineData("retryAt")]
    [InlineData("unknownAt")]
    [InlineData("claim")]
    public void What_is_neither_sent_nor_given_up_is_pending(string fact) =>
        Assert.Equal(DeliveryStatus.Pending, StatusRule.Apply(Decided(DecisionKind.Send), [Attempt(1, fact)]));

    private static Dictionary<(string Row, string Column), string> Table(string heading)
    {
        var section = RepositoryRoot.Read("docs/status.md").Split(heading + "\n")[1].Split("\n## ")[0];
        var lines = section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Split('|')[1..^1].Select(cell => cell.Trim()).ToList()).ToList();
        return lines.Skip(2).SelectMany(line => line.Skip(1).Select((status, column) => (Pair: (line[0], lines[0][column + 1]), status)))
            .ToDictionary(one => one.Pair, one => one.status);
    }

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
        : items.SelectMany((item, index) =>
            Permutations([.. items.Where((_, other) => other != index)]).Select(rest => (string[])[item, .. rest]));
}
