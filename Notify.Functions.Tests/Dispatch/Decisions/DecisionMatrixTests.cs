using Notify.Functions.Contract;
using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.QuietHours;
using Notify.Functions.Recipients.Rules;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Dispatch.Decisions;

public sealed class DecisionMatrixTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly IReadOnlyList<string[]> Rows = ReadTable();

    // Not a whole number of windows away, so that a digest's window is told from the time itself.
    private static readonly DateTimeOffset Later = Now.AddHours(3).AddSeconds(20);

    private static readonly string[] Conditions =
    [
        "none", "expired", "channel switched off", "recipient unknown", "recipient erased", "no address", "throttled",
        "template cannot say it", "expires before due", "digests switched off", "send later",
    ];

    private static readonly string[] Refusals =
    [
        "refuses everything", "refuses the channel", "refuses the category", "refuses the category on the channel", "unsubscribed",
        "refuses the topic",
    ];

    private static readonly RecipientsOptions Rules = new() { QuietHoursJitter = TimeSpan.Zero };

    [Fact]
    public void Every_combination_is_decided_as_the_documentation_says()
    {
        var used = new HashSet<string[]>();
        var combinations = 0;
        foreach (var condition in Combinations())
        {
            foreach (var type in Enum.GetValues<EventType>())
            {
                foreach (var priority in Enum.GetValues<Priority>())
                {
                    foreach (var channel in ContractNames.Channels)
                    {
                        var row = Rows.First(row => FitsAny(row[0], condition) && Fits(row[1], type.Name()) && Fits(row[2], priority.Name())
                            && Fits(row[3], channel.Name()));
                        used.Add(row);
                        combinations++;
                        var decision = Decide(condition, type, priority, channel);
                        Assert.Equal($"{string.Join(" + ", condition)} {type} {priority} {channel}: {row[4]} {row[5].Trim('`')}",
                            $"{string.Join(" + ", condition)} {type} {priority} {channel}: {Word(decision.Kind)} {decision.Reason}");
                        Assert.Equal(DueOf(decision.Kind, condition), decision.Due);
                    }
                }
            }
        }
        Assert.Equal((Conditions.Length + ((Refusals.Length + 1) * 2 * 2)) * 3 * 4 * 4, combinations);
        Assert.Equal(Rows.Count, used.Count);
    }

    [Fact]
    public void Conditions_are_looked_at_in_the_order_of_the_table()
    {
        var off = new ChannelsOptions();
        off.Email.Enabled = false;
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
            new DecisionInput(happened with { ExpiresAt = expires }, Channel.Push,
                Everybody)
            { Ruling = new Ruling(NotBefore: notBefore, DeferredBy: DeliveryReasons.QuietHours) },
            new ChannelsOptions(), new BatchingOptions(), Now);

        Assert.Equal(new Decision(DecisionKind.Defer, DeliveryReasons.SendAt, Now.AddHours(1)), Decide(Now.AddMinutes(59)));
        Assert.Equal(new Decision(DecisionKind.Defer, DeliveryReasons.QuietHours, Now.AddHours(2)), Decide(Now.AddHours(2)));
        Assert.Equal(new Decision(DecisionKind.Expire, DeliveryReasons.ExpiresBeforeDue),
            Decide(Now.AddHours(2), expires: Now.AddMinutes(90)));
        Assert.Equal(Decision.Send, DecisionRules.Decide(new DecisionInput(happened, Channel.Push, Everybody), new ChannelsOptions(),
            new BatchingOptions(), Now.AddHours(1)));
    }

    [Fact]
    public void What_was_deferred_is_neither_gathered_nor_throttled_when_its_time_has_come()
    {
        var happened = TestEvents.Alert() with { Priority = Priority.Low, Channels = [Channel.Email], SendAt = Now };
        var delivery = new DecisionInput(happened, Channel.Email, Everybody) { IsThrottled = true, IsDue = true };

        Assert.Equal(Decision.Send, DecisionRules.Decide(delivery, new ChannelsOptions(), new BatchingOptions(), Now));
        Assert.Equal("template:no_locale",
            DecisionRules.Decide(delivery with { TemplateFault = "template:no_locale" }, new ChannelsOptions(), new BatchingOptions(),
                Now).Reason);
        Assert.Equal("suppressed_address",
            DecisionRules.Decide(delivery with { Ruling = new Ruling("suppressed_address") }, new ChannelsOptions(), new BatchingOptions(),
                Now).Reason);
    }

    private static RecipientProfile Everybody { get; } =
        new() { Id = "user_1", Email = "user_1@example.com", Phone = "+15555550100", PushTokens = ["t"] };

    private static string Reason(NotificationEvent happened, RecipientProfile? recipient, ChannelsOptions channels) =>
        DecisionRules.Decide(new DecisionInput(happened, Channel.Email, recipient), channels, new BatchingOptions(), Now).Reason;

    // Every condition of the event and the settings by itself; every refusal with and without quiet hours, with and without a suppressed
    // address.
    private static IEnumerable<string[]> Combinations() =>
        Conditions.Select(condition => new[] { condition }).Concat(
            from refusal in Refusals.Append("none")
            from quiet in new[] { "quiet hours", "none" }
            from suppressed in new[] { "address suppressed", "none" }
            select new[] { refusal, quiet, suppressed });

    private static DateTimeOffset? DueOf(DecisionKind kind, string[] conditions) => kind switch
    {
        DecisionKind.Batch when conditions.Contains("send later") || conditions.Contains("quiet hours") => Now.AddHours(3).AddMinutes(5),
        DecisionKind.Batch => Now.AddMinutes(5),
        DecisionKind.Defer => conditions.Contains("quiet hours") ? Now.AddHours(3) : Later,
        _ => null,
    };

    private static Decision Decide(string[] conditions, EventType type, Priority priority, Channel channel)
    {
        bool Is(string condition) => conditions.Contains(condition);
        var happened = TestEvents.Alert() with
        {
            Type = type,
            Priority = priority,
            Channels = [channel],
            Category = "news",
            Recipients = ["topic:offers"],
            ExpiresAt = Is("expired") ? Now : Is("expires before due") ? Later : Later.AddMinutes(10),
            SendAt = Is("send later") || Is("expires before due") ? Later : null,
        };
        // An external address has one channel, and it is not this one.
        var profile = Is("no address") ? RecipientProfile.OfAddress(null, channel == Channel.Email
            ? "tel:+15555550100" : "mailto:a@example.com")
            : Is("recipient unknown") ? null
            : Is("recipient erased") ? new RecipientProfile
            {
                Id = "user_1",
                Email = "a@example.com",
                Phone = "+15555550100",
                PushTokens = ["t"],
                ErasedAt = DateTimeOffset.MaxValue
            }
            : Everybody with
            {
                Preferences = PreferencesOf(conditions, channel),
                Suppressed = Is("address suppressed")
                ? ["user_1@example.com", "+15555550100", "t"] : []
            };
        var channels = new ChannelsOptions();
        channels.For(channel).Enabled = !Is("channel switched off");
        var delivery = new DecisionInput(happened, channel, profile)
        {
            IsThrottled = Is("throttled"),
            TemplateFault = Is("template cannot say it") ? "template:missing" : null,
            Ruling = profile is null
                ? Ruling.Free : RecipientRules.Rule(RecipientQuestion.About(happened, channel, profile), Rules, Now)
        };
        return DecisionRules.Decide(delivery, channels, new BatchingOptions { Enabled = !Is("digests switched off") }, Now);
    }

    private static PreferenceSet PreferencesOf(string[] conditions, Channel channel)
    {
        var key = conditions[0] switch
        {
            "refuses everything" => PreferenceKeys.All,
            "refuses the channel" => PreferenceKeys.For(channel),
            "refuses the category" => PreferenceKeys.OfCategory("news"),
            "refuses the category on the channel" or "unsubscribed" => PreferenceKeys.OfCategory("news", channel),
            "refuses the topic" => PreferenceKeys.OfTopic("offers"),
            _ => PreferenceKeys.OfCategory("other"),
        };
        var chosen = PreferenceSet.None.With(key,
            new Choice(Wanted: false, Now, "user_1", conditions[0] == "unsubscribed" ? ChoiceVia.OneClick : ChoiceVia.Api));
        return conditions.Contains("quiet hours")
            ? chosen with
            {
                QuietHours = [new QuietWindow(new TimeOnly(11, 0), new TimeOnly(15, 0), QuietWindow.EveryDay,
                ContractNames.Channels)]
            } : chosen;
    }

    private static bool FitsAny(string cell, string[] values) => values.Any(value => Fits(cell, value));

    private static bool Fits(string cell, string value) =>
        cell == "*" || cell.Split(',', StringSplitOptions.TrimEntries).Contains(value, StringComparer.Ordinal);

    private static string Word(DecisionKind kind) => kind.ToString().ToLowerInvariant();

    private static IReadOnlyList<string[]> ReadTable() =>
        [.. RepositoryRoot.Read("docs", "decisions.md").Split('\n')
            .SkipWhile(line => !line.StartsWith("| condition |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];
}
