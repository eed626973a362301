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

    private static readonly string[] Conditions = ["none", "expired", "channel switched off", "recipient unknown", "no address", "digests switched off"];

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
                        Assert.Equal(decision.Kind == DecisionKind.Batch ? Now.AddMinutes(5) : null, decision.Due);
                    }
                }
            }
        }
        Assert.Equal(6 * 3 * 4 * 4, combinations);
        Assert.Equal(Rows.Count, used.Count);
    }

    [Fact]
    public void Conditions_are_looked_at_in_the_order_of_the_table()
    {
        var off = new ChannelsOptions();
        off["email"].Enabled = false;
        var happened = TestEvents.Alert() with { ExpiresAt = Now };

        Assert.Equal("expired", DecisionRules.Decide(happened, Channel.Email, null, off, new BatchingOptions(), Now).Reason);
        Assert.Equal("channel_disabled", DecisionRules.Decide(happened with { ExpiresAt = Now.AddTicks(1) }, Channel.Email, null, off, new BatchingOptions(), Now).Reason);
        Assert.Equal("unknown_recipient", DecisionRules.Decide(happened with { ExpiresAt = null }, Channel.Email, null, new ChannelsOptions(), new BatchingOptions(), Now).Reason);
    }

    private static Decision Decide(string condition, EventType type, Priority priority, Channel channel)
    {
        var happened = TestEvents.Alert() with { Type = type, Priority = priority, Channels = [channel], ExpiresAt = condition == "expired" ? Now : Now.AddMinutes(1) };
        var profile = new RecipientProfile { Id = "user_1", Email = "user_1@example.com", Phone = "+15555550100", PushTokens = ["t"] };
        if (condition == "no address")
        {
            // An external address has one channel, and it is not this one.
            profile = RecipientProfile.OfAddress(null, channel == Channel.Email ? "tel:+15555550100" : "mailto:a@example.com");
        }
        var channels = new ChannelsOptions();
        channels[channel.Name()].Enabled = condition != "channel switched off";
        var batching = new BatchingOptions { Enabled = condition != "digests switched off" };
        return DecisionRules.Decide(happened, channel, condition == "recipient unknown" ? null : profile, channels, batching, Now);
    }

    private static bool Fits(string cell, string value) => cell == "*" || cell.Split(',', StringSplitOptions.TrimEntries).Contains(value, StringComparer.Ordinal);

    private static string Word(DecisionKind kind) => kind.ToString().ToLowerInvariant();

    private static IReadOnlyList<string[]> ReadTable() =>
        [.. RepositoryRoot.Read("docs", "decisions.md").Split('\n')
            .SkipWhile(line => !line.StartsWith("| condition |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];
}
