using Notify.Functions.Channels;
using Notify.Functions.Delivery;
using Notify.Functions.Digests;
using Notify.Functions.Dispatch;
using Notify.Functions.Events;
using Notify.Functions.Recipients;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Dispatch;

public sealed class DecisionMatrixTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly IReadOnlyList<string[]> Rows = ReadTable();

    // Not a whole number of windows away, so that a digest's window is told from the time itself.
    private static readonly DateTimeOffset Later = Now.AddHours(3).AddSeconds(20);

    private static readonly string[] Conditions =
    [
        "none", "expired", "channel switched off", "recipient unknown", "no address", "address suppressed", "throttled", "expires before due", "digests switched off", "send later",
        "quiet hours",
    ];

    [Fact]
    public void Every_combination_is_decided_as_the_documentation_says()
    {
        var used = new HashSet<string[]>();
        var combinations = 0;
        foreach (var condition in Conditions)
        {
            foreach (var type in Enum.GetValues<EventType>())
            {
                foreach (var priority in Enum.GetValues<Priority>())
                {
                    foreach (var channel in Names.Channels)
                    {
                        var row = Rows.First(row => Fits(row[0], condition) && Fits(row[1], type.Name()) && Fits(row[2], priority.Name()) && Fits(row[3], channel.Name()));
                        used.Add(row);
                        combinations++;
                        var decision = Decide(condition, type, priority, channel);
                        Assert.Equal($"{condition} {type} {priority} {channel}: {row[4]} {row[5].Trim('`')}", $"{condition} {type} {priority} {channel}: {Word(decision.Kind)} {decision.Reason}");
                        Assert.Equal(DueOf(decision.Kind, condition), decision.Due);
                    }
                }
            }
        }
        Assert.Equal(Conditions.Length * 3 * 4 * 4, combinations);
        Assert.Equal(Rows.Count, used.Count);
    }

    [Fact]
    public void Conditions_are_looked_at_in_the_order_of_the_table()
    {
        var off = new ChannelsOptions();
        off["email"].Enabled = false;
        var happened = TestEvents.Alert() with { ExpiresAt = Now };

        Assert.Equal("expired", Reason(happened, null, off));
        Assert.Equal("channel_disabled", Reason(happened with { ExpiresAt = Now.AddTicks(1) }, null, off));
        Assert.Equal("unknown_recipient", Reason(happened with { ExpiresAt = null }, null, new ChannelsOptions()));
    }

    [Fact]
    public void The_later_of_the_producers_and_the_recipients_time_counts()
    {
        var happened = TestEvents.Alert() with { SendAt = Now.AddHours(1) };
        Decision Decide(DateTimeOffset notBefore, DateTimeOffset? expires = null) => DecisionRules.Decide(
            new DeliveryCase(happened with { ExpiresAt = expires }, Channel.Push, Everybody) { Ruling = new Ruling(NotBefore: notBefore, DeferredBy: Reasons.QuietHours) },
            new ChannelsOptions(), new BatchingOptions(), Now);

        Assert.Equal(new Decision(DecisionKind.Defer, Reasons.SendAt, Now.AddHours(1)), Decide(Now.AddMinutes(59)));
        Assert.Equal(new Decision(DecisionKind.Defer, Reasons.QuietHours, Now.AddHours(2)), Decide(Now.AddHours(2)));
        Assert.Equal(new Decision(DecisionKind.Expire, Reasons.ExpiresBeforeDue), Decide(Now.AddHours(2), expires: Now.AddMinutes(90)));
        Assert.Equal(Decision.Send, DecisionRules.Decide(new DeliveryCase(happened, Channel.Push, Everybody), new ChannelsOptions(), new BatchingOptions(), Now.AddHours(1)));
    }

    [Fact]
    public void What_was_deferred_is_neither_gathered_nor_throttled_when_its_time_has_come()
    {
        var happened = TestEvents.Alert() with { Priority = Priority.Low, Channels = [Channel.Email], SendAt = Now };
        var delivery = new DeliveryCase(happened, Channel.Email, Everybody) { IsThrottled = true, IsDue = true };

        Assert.Equal(Decision.Send, DecisionRules.Decide(delivery, new ChannelsOptions(), new BatchingOptions(), Now));
        Assert.Equal("suppressed_address", DecisionRules.Decide(delivery with { Ruling = new Ruling("suppressed_address") }, new ChannelsOptions(), new BatchingOptions(), Now).Reason);
    }

    private static RecipientProfile Everybody { get; } = new() { Id = "user_1", Email = "user_1@example.com", Phone = "+15555550100", PushTokens = ["t"] };

    private static string Reason(NotificationEvent happened, RecipientProfile? recipient, ChannelsOptions channels) =>
        DecisionRules.Decide(new DeliveryCase(happened, Channel.Email, recipient), channels, new BatchingOptions(), Now).Reason;

    private static DateTimeOffset? DueOf(DecisionKind kind, string condition) => (kind, condition) switch
    {
        (DecisionKind.Batch, "send later" or "quiet hours") => Now.AddHours(3).AddMinutes(5),
        (DecisionKind.Batch, _) => Now.AddMinutes(5),
        (DecisionKind.Defer, _) => Later,
        _ => null,
    };

    private static Decision Decide(string condition, EventType type, Priority priority, Channel channel)
    {
        var happened = TestEvents.Alert() with
        {
            Type = type,
            Priority = priority,
            Channels = [channel],
            ExpiresAt = condition is "expired" ? Now : condition is "expires before due" ? Later : Later.AddMinutes(10),
            SendAt = condition is "send later" or "expires before due" ? Later : null,
        };
        // An external address has one channel, and it is not this one.
        var profile = condition is "no address" ? RecipientProfile.OfAddress(null, channel == Channel.Email ? "tel:+15555550100" : "mailto:a@example.com")
            : condition is "recipient unknown" ? null
            : Everybody;
        var channels = new ChannelsOptions();
        channels[channel.Name()].Enabled = condition != "channel switched off";
        var delivery = new DeliveryCase(happened, channel, profile)
        {
            IsThrottled = condition is "throttled",
            Ruling = condition switch
            {
                "address suppressed" => new Ruling(SuppressedBy: Reasons.SuppressedAddress),
                "quiet hours" => new Ruling(NotBefore: Later, DeferredBy: Reasons.QuietHours),
                _ => Ruling.Free,
            },
        };
        return DecisionRules.Decide(delivery, channels, new BatchingOptions { Enabled = condition != "digests switched off" }, Now);
    }

    private static bool Fits(string cell, string value) => cell == "*" || cell.Split(',', StringSplitOptions.TrimEntries).Contains(value, StringComparer.Ordinal);

    private static string Word(DecisionKind kind) => kind.ToString().ToLowerInvariant();

    private static IReadOnlyList<string[]> ReadTable() =>
        [.. RepositoryRoot.Read("docs", "decisions.md").Split('\n')
            .SkipWhile(line => !line.StartsWith("| condition |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];
}
