using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Tests.Ledger;

public sealed class TimelineTests
{
    private static readonly DateTimeOffset Second = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeliveryId Id = new("0123456789abcdef", Second, "0123456789abcdef0123456789", Channel.Email);

    [Fact]
    public void Nothing_comes_before_its_cause_though_a_provider_knows_whole_seconds_only()
    {
        var view = Timeline.Build(
            Decided(Second.AddMilliseconds(700)),
            [Attempt(2, 900) with { FailedAt = Second, FailedReason = "550" },
                Attempt(1, 800) with { RetryAt = Second.AddMilliseconds(850), RetryReason = "503" }]);

        Assert.Equal(["decided ", "claimed 1", "retry 1", "claimed 2", "failed 2"],
            view.Timeline.Select(entry => $"{entry.Fact} {entry.Attempt}"));
    }

    [Fact]
    public void A_report_about_an_earlier_attempt_stands_where_it_came()
    {
        var view = Timeline.Build(
            Decided(Second), [Attempt(1, 100) with { DeliveredAt = Second.AddSeconds(9) },
                Attempt(2, 5000) with { SentAt = Second.AddSeconds(6) }]);

        Assert.Equal(["decided ", "claimed 1", "claimed 2", "sent 2", "delivered 1"],
            view.Timeline.Select(entry => $"{entry.Fact} {entry.Attempt}"));
        Assert.Equal("delivered", view.Status);
    }

    private static AttemptRow Attempt(int number, int milliseconds) =>
        new() { Id = new AttemptId(Id, number), At = Second.AddMilliseconds(milliseconds), Claim = "c" };

    private static DecisionRow Decided(DateTimeOffset at) => new()
    {
        Id = Id,
        EventId = "e",
        Recipient = "u",
        Priority = Priority.Low,
        Type = EventType.Alert,
        Decision = new Decision(DecisionKind.Send, "send"),
        At = at,
    };
}
