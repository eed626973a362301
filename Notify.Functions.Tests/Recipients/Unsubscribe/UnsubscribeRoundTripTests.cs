using System.Net;
using System.Text.Json;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.Recipients.Unsubscribe;

/// <summary>From the mail that the provider got to the next one that it does not get.</summary>
public sealed class UnsubscribeRoundTripTests
{
    private const string OneClick = "List-Unsubscribe=One-Click";

    [Fact]
    public async Task One_click_ends_the_mails_category_with_the_very_next_event_and_a_password_reset_still_arrives()
    {
        await using var app = await AppHost.StartAsync();
        var mail = await MailAsync(app, "marketing", "newsletter");
        Assert.Equal(OneClick, mail.GetProperty("headers").GetProperty("List-Unsubscribe-Post").GetString());
        var link = LinkIn(mail);
        Assert.Contains("Unsubscribe: " + link, mail.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("user_1", link.AbsoluteUri, StringComparison.Ordinal);

        // A mail program that looks at the link changes nothing.
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync(link)).StatusCode);
        Assert.Equal("delivered", await FateAsync(app, "marketing", "newsletter"));

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(app, link, OneClick)).StatusCode);

        Assert.Equal("suppressed unsubscribed", await FateAsync(app, "marketing", "newsletter"));
        Assert.Equal("delivered", await FateAsync(app, "transactional", null));
        Assert.Equal("delivered", await FateAsync(app, "marketing", "sale"));
        Assert.Equal("delivered", await FateAsync(app, "marketing", "newsletter", "in_app"));

        // Again, as mail programs do: nothing more to change, and nothing more in the trail.
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(app, link, OneClick)).StatusCode);
        var change = Assert.Single((await app.GetAsync("api/recipients/user_1/preferences/changes")).GetProperty("items").EnumerateArray());
        Assert.Equal(("recipient", "one_click"), (change.GetProperty("by").GetString(), change.GetProperty("via").GetString()));
        Assert.Equal("""[{"what":"category:newsletter/email","to":"refused"}]""", change.GetProperty("changes").GetRawText());
    }

    [Fact]
    public async Task A_form_in_parts_is_a_click_too()
    {
        await using var app = await AppHost.StartAsync();
        var link = LinkIn(await MailAsync(app, "alert", null));
        using var parts = new MultipartFormDataContent { { new StringContent("One-Click"), "List-Unsubscribe" } };

        Assert.Equal(HttpStatusCode.OK, (await app.Http.PostAsync(link, parts)).StatusCode);

        Assert.Equal("suppressed unsubscribed", await FateAsync(app, "alert", null));
        Assert.Equal("delivered", await FateAsync(app, "marketing", null));
    }

    [Fact]
    public async Task The_page_offers_choices_and_keeps_them()
    {
        await using var app = await AppHost.StartAsync();
        var link = LinkIn(await MailAsync(app, "marketing", "newsletter"));
        using var sms = new StringContent("""{"categories":{"sale":false}}""", System.Text.Encoding.UTF8, "application/json");
        await app.Http.PutAsync(new Uri("api/recipients/user_1/preferences", UriKind.Relative), sms);

        using var answer = await app.Http.GetAsync(link);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("no-store", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Contains("""value="newsletter" checked""", page, StringComparison.Ordinal);
        Assert.Contains("""value="sale">""", page, StringComparison.Ordinal);
        Assert.DoesNotContain("user_1", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);

        Assert.Contains("Your choices are saved.",
            await (await PostAsync(app, link, "form=choices&shown=newsletter&shown=sale&wanted=sale")).Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
        Assert.Equal("suppressed unsubscribed", await FateAsync(app, "marketing", "newsletter"));
        Assert.Equal("delivered", await FateAsync(app, "marketing", "sale"));
        // Wanted by mail again, and still refused elsewhere.
        Assert.Equal("suppressed unsubscribed", await FateAsync(app, "marketing", "sale", "push"));

        await PostAsync(app, link, "form=choices&shown=newsletter&shown=sale&wanted=newsletter&wanted=sale&none=1");
        Assert.Equal("suppressed unsubscribed", await FateAsync(app, "marketing", "other"));
        Assert.Equal("delivered", await FateAsync(app, "transactional", null));
        await PostAsync(app, link, "form=choices&shown=newsletter&shown=sale&wanted=newsletter&wanted=sale");
        Assert.Equal("delivered", await FateAsync(app, "marketing", "newsletter"));
    }

    [Fact]
    public async Task A_form_cannot_refuse_what_the_page_did_not_offer()
    {
        await using var app = await AppHost.StartAsync();
        var link = LinkIn(await MailAsync(app, "marketing", "newsletter"));

        await PostAsync(app, link, "form=choices&shown=security&shown=other&shown=a%20b");

        Assert.Empty((await app.GetAsync("api/recipients/user_1/preferences/changes")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Nothing_transactional_or_required_and_no_other_channel_has_a_link()
    {
        await using var app = await AppHost.StartAsync();

        Assert.Empty((await MailAsync(app, "transactional", "newsletter")).GetProperty("headers").EnumerateObject());
        Assert.Empty((await MailAsync(app, "alert", "security")).GetProperty("headers").EnumerateObject());
        Assert.DoesNotContain("nsubscribe", (await MailAsync(app, "transactional", null)).GetProperty("body").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tampered_link_is_refused_and_changes_nothing()
    {
        await using var app = await AppHost.StartAsync();
        var link = LinkIn(await MailAsync(app, "marketing", "newsletter")).AbsoluteUri;

        for (var place = link.LastIndexOf('/') + 1; place < link.Length; place++)
        {
            foreach (var other in new[] { 'A', 'z', '.', '=' }.Where(other => link[place] != other))
            {
                using var answer = await PostAsync(app, new Uri(link[..place] + other + link[(place + 1)..]), OneClick);
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            }
        }
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(app, new Uri(link + "A"), OneClick)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(app, new Uri(link[..^1]), OneClick)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync(link, "{}")).StatusCode);
        Assert.Empty((await app.GetAsync("api/recipients/user_1/preferences/changes")).GetProperty("items").EnumerateArray());
        Assert.Equal("delivered", await FateAsync(app, "marketing", "newsletter"));
    }

    private static Task<HttpResponseMessage> PostAsync(AppHost app, Uri link, string form) =>
        app.Http.PostAsync(link, new StringContent(form, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded"));

    private static Uri LinkIn(JsonElement mail) =>
        new(mail.GetProperty("headers").GetProperty("List-Unsubscribe").GetString()!.Trim('<', '>'));

    private static async Task<JsonElement> MailAsync(AppHost app, string type, string? category)
    {
        var view = await app.WaitForStatusAsync(await EventAsync(app, type, category, "email"), "delivered");
        var delivery = AppHost.Deliveries(view)[0].GetProperty("id").GetString();
        return (await app.GetAsync("/sandbox/messages?deliveryId=" + delivery))[0];
    }

    // The status, and the reason where it was not sent.
    private static async Task<string> FateAsync(AppHost app, string type, string? category, string channel = "email")
    {
        string[] ends = ["delivered", "suppressed", "sent", "failed"];
        var view = await app.WaitForAsync("/api/notifications/" + await EventAsync(app, type, category, channel),
            seen => AppHost.Deliveries(seen) is [var one] && ends.Contains(one.GetProperty("status").GetString())
                && (channel == "push" || one.GetProperty("status").GetString() != "sent"));
        var delivery = AppHost.Deliveries(view)[0];
        return delivery.GetProperty("status").GetString() is "suppressed"
            ? "suppressed " + delivery.GetProperty("reason").GetString() : delivery.GetProperty("status").GetString()!;
    }

    private static Task<string> EventAsync(AppHost app, string type, string? category, string channel) => app.NotifyAsync(
        $$"""{"type":"{{type}}","priority":"high","recipients":["user_1"],"channels":["{{channel}}"],"payload":{"title":"Hello","message":"News for you."}{{(category is null ? "" : $",\"category\":\"{category}\"")}}}""");
}
