using System.Net;
using System.Text;
using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Unsubscribe;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.Digests;

/// <summary>A digest offers to refuse what is in it. That it is a digest is a matter of its form.</summary>
public sealed class DigestUnsubscribeTests
{
    [Fact]
    public async Task The_link_of_a_digest_names_the_categories_of_what_it_shows()
    {
        using var notify = await Digesting.HarnessAsync(
            Digesting.Item("e1", "news"), Digesting.Item("e2", "comments"), Digesting.Item("e3", "news"),
            Digesting.Item("e4", category: null), Digesting.Item("e5", "security"));

        await notify.CloseAndSendAsync();

        // Nobody can refuse what is required.
        Assert.Equal(["alert", "comments", "news"], Link(notify).Categories);
    }

    [Fact]
    public async Task What_is_left_out_when_the_digest_is_sent_is_not_in_its_link_either()
    {
        using var notify = await Digesting.HarnessAsync(Digesting.Item("e1", "news"), Digesting.Item("e2", "comments"));
        await notify.CloseAsync();

        await notify.ChooseAsync(PreferenceKeys.OfCategory("news"));
        await notify.RunQueuesAsync();

        Assert.Equal(["comments"], Link(notify).Categories);
    }

    [Fact]
    public async Task A_digest_of_required_categories_has_no_link()
    {
        using var notify = await Digesting.HarnessAsync(Digesting.Item("e1", "security"));

        await notify.CloseAndSendAsync();

        Assert.Null(Assert.Single(notify.Senders[Channel.Email].Targets).UnsubscribeUrl);
    }

    [Fact]
    public async Task More_categories_than_a_link_names_make_a_next_digest_and_every_link_fits_into_a_header()
    {
        static string Category(int n) => $"category-{n:d2}-" + new string('x', 80);
        using var notify = await Digesting.HarnessAsync([.. Enumerable.Range(0, 12).Select(n => Digesting.Item("e" + n, Category(n)))]);

        await notify.CloseAndSendAsync();

        var targets = notify.Senders[Channel.Email].Targets;
        Assert.All(targets, target => Assert.InRange($"List-Unsubscribe: <{target.UnsubscribeUrl!.AbsoluteUri}>".Length, 1, 998));
        Assert.Equal(
            Enumerable.Range(0, 12).Select(Category),
            targets.SelectMany(target => notify.Get<UnsubscribeLinks>().Read(target.UnsubscribeUrl!.Segments[^1]).Link!.Categories)
                .Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_has_refused_digests_gets_each_message_by_itself(bool whileTheyWait)
    {
        NotificationEvent[] items = [Digesting.Item("e1", "news"), Digesting.Item("e2", "comments")];
        using var notify = await Digesting.HarnessAsync(whileTheyWait ? items : []);
        // As a link in a digest of an older version says it.
        await notify.ChooseAsync(PreferenceKeys.OfCategory("digest", Channel.Email), via: ChoiceVia.OneClick);
        if (!whileTheyWait)
        {
            await notify.DispatchAsync([.. items.Select(item => notify.Record(item))]);
        }

        await notify.CloseAndSendAsync();

        Assert.Equal(["Title of e1", "Title of e2"], notify.Senders[Channel.Email].Requests.Select(request => request.Content.Title)
            .Order(StringComparer.Ordinal));
        Assert.Equal(
            ["comments", "news"],
            notify.Senders[Channel.Email].Targets.Select(target =>
                Assert.Single(notify.Get<UnsubscribeLinks>().Read(target.UnsubscribeUrl!.Segments[^1]).Link!.Categories))
                    .Order(StringComparer.Ordinal));
        Assert.Equal("sent sent", await notify.FateAsync("e1"));
        Assert.Equal(whileTheyWait, (await notify.ReadOnlyDeliveryAsync("e1")).Digest is not null);
    }

    [Fact]
    public async Task Who_has_refused_digests_by_email_has_them_in_the_inbox()
    {
        using var notify = await Digesting.HarnessAsync();
        await notify.ChooseAsync(PreferenceKeys.OfCategory("digest", Channel.Email));
        await notify.DispatchAsync(notify.Record(Digesting.Item("e1", "news") with { Channels = [Channel.Email, Channel.InApp] }));

        Assert.Equal(["email pending", "in_app batched"],
            (await notify.ReadAsync("e1")).Deliveries.Select(one => $"{one.Channel} {one.Status}"));
    }

    [Fact]
    public async Task One_click_in_a_digest_ends_its_categories_and_no_other()
    {
        // No tick of the timer comes between.
        await using var app = await AppHost.StartAsync(setup => setup.Settings["Notify:Batching:Window"] = "1.00:00:00");
        await app.Http.PutAsync(new Uri("api/recipients/u-de", UriKind.Relative),
            Json("""{"email":"u-de@example.com","locale":"de-AT"}"""));
        var mail = await DigestAsync(app, "newsletter", "comments");
        var link = new Uri(mail.GetProperty("headers").GetProperty("List-Unsubscribe").GetString()!.Trim('<', '>'));

        var page = await app.Http.GetStringAsync(link);
        Assert.Contains("""value="comments" checked""", page, StringComparison.Ordinal);
        Assert.Contains("""value="newsletter" checked""", page, StringComparison.Ordinal);
        Assert.Contains("""<html lang="de">""", page, StringComparison.Ordinal);
        Assert.Contains("Schicken Sie mir E-Mails über", page, StringComparison.Ordinal);
        Assert.Contains("Abbestellen: " + link, mail.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.Equal("2 Neuigkeiten für Sie", mail.GetProperty("subject").GetString());

        using var click = new StringContent("List-Unsubscribe=One-Click", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var answer = await app.Http.PostAsync(link, click);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Sie sind abgemeldet.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await app.WaitForStatusAsync(await EventAsync(app, "newsletter"), "suppressed");
        await app.WaitForStatusAsync(await EventAsync(app, "comments"), "suppressed");
        await app.WaitForStatusAsync(await EventAsync(app, "offers"), "batched");
    }

    private static async Task<JsonElement> DigestAsync(AppHost app, params string[] categories)
    {
        foreach (var category in categories)
        {
            await app.WaitForStatusAsync(await EventAsync(app, category), "batched");
        }
        using var run = await app.PostAsync("/admin/functions/BuildDigests", "{}");
        return (await app.WaitForAsync("/sandbox/messages?channel=email", all => all.GetArrayLength() > 0))[0];
    }

    private static Task<string> EventAsync(AppHost app, string category) => app.NotifyAsync(
        $$"""{"type":"marketing","priority":"low","recipients":["u-de"],"channels":["email"],"category":"{{category}}","payload":{"title":"About {{category}}","message":"News."} }""");

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static UnsubscribeLink Link(NotifyHarness notify) =>
        notify.Get<UnsubscribeLinks>().Read(notify.Senders[Channel.Email].Targets[^1].UnsubscribeUrl!.Segments[^1]).Link!;
}
