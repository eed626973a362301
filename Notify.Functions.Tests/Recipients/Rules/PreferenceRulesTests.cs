using Notify.Functions.Contract;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Rules;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Recipients.Rules;

public sealed class PreferenceRulesTests
{
    private static readonly NotificationEvent News =
        TestEvents.Alert() with { Type = EventType.Marketing, Category = "news", Recipients = ["topic:offers", "topic:sale"] };

    [Fact]
    public void One_refusal_is_enough_whatever_else_is_wanted()
    {
        Assert.Null(Ask(News, []));
        Assert.Null(Ask(News, [("*", true), ("channel:email", true), ("category:news", true), ("category:news/email", true),
            ("topic:offers", true)]));
        Assert.Equal("opted_out", Ask(News, [("*", false), ("category:news", true), ("category:news/email", true)]));
        Assert.Equal("opted_out_of_channel", Ask(News, [("channel:email", false), ("category:news", true)]));
        Assert.Equal("opted_out_of_category", Ask(News, [("category:news", false), ("category:news/email", true)]));
        Assert.Equal("opted_out_of_category_on_channel", Ask(News, [("category:news", true), ("category:news/email", false)]));
        Assert.Equal("opted_out_of_topic", Ask(News, [("topic:sale", false), ("topic:offers", true)]));
    }

    [Fact]
    public void What_was_refused_elsewhere_is_no_refusal_here() =>
        Assert.Null(Ask(News, [("channel:sms", false), ("category:other", false), ("category:news/push", false), ("topic:other", false)]));

    [Fact]
    public void Whoever_is_named_hears_of_it_whatever_its_topics_are() =>
        Assert.Null(Ask(News with { Recipients = ["topic:offers", "jane"] }, [("topic:offers", false)]));

    [Fact]
    public void A_required_category_cannot_be_refused()
    {
        (string, bool)[] everything = [("*", false), ("channel:email", false), ("category:security", false),
            ("category:security/email", false), ("topic:offers", false)];

        Assert.Null(Ask(News with { Category = "security" }, everything));
        Assert.Equal("opted_out", Ask(News with { Category = "security" }, everything, "billing"));
    }

    [Fact]
    public void What_is_transactional_is_refused_only_by_its_own_category()
    {
        var reset = News with { Type = EventType.Transactional, Category = "orders" };

        Assert.Null(Ask(reset, [("*", false), ("channel:email", false), ("topic:offers", false)]));
        Assert.Equal("opted_out_of_category", Ask(reset, [("category:orders", false)]));
        Assert.Null(Ask(reset with { Category = null }, [("*", false), ("category:transactional", false)]));
    }

    [Fact]
    public void An_event_without_a_category_has_its_type_for_one()
    {
        Assert.Equal("opted_out_of_category", Ask(News with { Category = null }, [("category:marketing", false)]));
        Assert.Null(Ask(News with { Category = null, Type = EventType.Alert }, [("category:marketing", false)]));
    }

    private static string? Ask(
        NotificationEvent notification, (string Key, bool Wanted)[] choices, string required = "transactional,security")
    {
        var preferences = choices.Aggregate(PreferenceSet.None, (set, choice) =>
            set.With(choice.Key, new Choice(choice.Wanted, DateTimeOffset.UnixEpoch, "jane", ChoiceVia.Api)));
        var jane = new RecipientProfile { Id = "jane", Email = "jane@example.com", Preferences = preferences };
        return RecipientRules.Rule(RecipientQuestion.About(notification, Channel.Email, jane),
            new RecipientsOptions { RequiredCategories = required }, DateTimeOffset.UnixEpoch).SuppressedBy;
    }
}
