using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.Recipients.Unsubscribe;

/// <summary>What may be posted to an unsubscribe link: one click, the page's own form, and nothing else.</summary>
public sealed partial class UnsubscribeFormTests
{
    private const string Urlencoded = "application/x-www-form-urlencoded";
    private const string Multipart = "multipart/form-data; boundary=b";

    private static readonly (string Body, string? Type)[] NotUnderstood =
    [
        ("", null),
        ("", Urlencoded),
        ("", Multipart),
        (" ", Urlencoded),
        ("a=b", Urlencoded),
        ("wanted=newsletter&shown=newsletter", Urlencoded),
        ("shown=newsletter", Urlencoded),
        ("none=1", Urlencoded),
        ("form=choice&shown=newsletter", Urlencoded),
        ("form=choices&form=choices&shown=newsletter", Urlencoded),
        ("form=choices&List-Unsubscribe=One-Click", Urlencoded),
        ("List-Unsubscribe=", Urlencoded),
        ("List-Unsubscribe=one-click", Urlencoded),
        ("List-Unsubscribe=One-Click2", Urlencoded),
        ("List-Unsubscribe=One-Click ", "text/plain"),
        ("List-Unsubscribe=One-Click", "text/plain"),
        ("List-Unsubscribe=One-Click", "application/json"),
        ("List-Unsubscribe=One-Click", null),
        ("List-Unsubscribe=One-Click&List-Unsubscribe=One-Click", Urlencoded),
        ("List-Unsubscribe=One-Click", Urlencoded + "; charset=utf-7"),
        ("List-Unsubscribe=One-Click", Multipart),
        ("--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click", Multipart),
        ("--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\nContent-Type: text/plain; "
            + "charset=utf-7\r\n\r\nOne-Click\r\n--b--\r\n", Multipart),
        ("--b\r\n\r\nOne-Click\r\n--b--\r\n", Multipart),
        ("--b\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\nchoices\r\n--b--\r\n", "multipart/form-data"),
        (string.Join('&', Enumerable.Range(0, 2000).Select(n => "f" + n)), Urlencoded),
        ("form=choices&shown=" + new string('x', 40_000), Urlencoded),
    ];

    [Fact]
    public async Task What_is_not_understood_is_refused_and_changes_nothing()
    {
        await using var app = await AppHost.StartAsync();
        var link = await LinkAsync(app);
        await PostAsync(app, link, "form=choices&shown=newsletter&none=1", Urlencoded);
        var before = await ChoicesAsync(app);
        Assert.Contains("refused", before, StringComparison.Ordinal);

        foreach (var (body, type) in NotUnderstood)
        {
            var (status, page) = await PostAsync(app, link, body, type);

            Assert.True(status == HttpStatusCode.BadRequest, $"{type}: {body[..Math.Min(body.Length, 80)]} → {status}");
            Assert.Contains("Nothing was changed.", page, StringComparison.Ordinal);
        }
        Assert.Equal(before, await ChoicesAsync(app));
    }

    [Theory]
    [InlineData("List-Unsubscribe=One-Click", Urlencoded)]
    [InlineData("List-Unsubscribe=One-Click", Urlencoded + "; charset=utf-8")]
    [InlineData("List-Unsubscribe=One-Click", Urlencoded + "; charset=us-ascii")]
    [InlineData("List-Unsubscribe=One-Click&", Urlencoded)]
    [InlineData("List%2DUnsubscribe=One%2DClick", Urlencoded)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n", Multipart)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\nContent-Type: "
        + "text/plain\r\n\r\nOne-Click\r\n--b--\r\n", Multipart)]
    public async Task One_click_is_taken_in_both_forms(string body, string type)
    {
        await using var app = await AppHost.StartAsync();
        var link = await LinkAsync(app);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(app, link, body, type)).Status);

        Assert.Contains("""{"what":"category:newsletter/email","to":"refused"}""", await ChoicesAsync(app), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_of_the_page_as_a_browser_sends_it_is_a_choice()
    {
        await using var app = await AppHost.StartAsync();
        var link = await LinkAsync(app);
        var page = await app.Http.GetStringAsync(link);

        // What a browser sends: hidden fields, and boxes that are ticked. Every box is cleared here.
        var fields = Hidden().Matches(page).Select(field => $"{field.Groups["name"].Value}={field.Groups["value"].Value}");
        var (status, after) = await PostAsync(app, link, string.Join('&', fields), Urlencoded);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("Your choices are saved.", after, StringComparison.Ordinal);
        Assert.Contains("""{"what":"category:newsletter/email","to":"refused"}""", await ChoicesAsync(app), StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string Page)> PostAsync(AppHost app, Uri link, string body, string? type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using var answer = await app.Http.PostAsync(link, content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string> ChoicesAsync(AppHost app) =>
        (await app.GetAsync("api/recipients/user_1/preferences/changes")).GetRawText();

    private static async Task<Uri> LinkAsync(AppHost app)
    {
        var id = await app.NotifyAsync(
            """{"type":"marketing","priority":"high","category":"newsletter","recipients":["user_1"],"channels":["email"],"payload":{"title":"Hello","message":"News for you."}}""");
        var view = await app.WaitForStatusAsync(id, "delivered");
        var mail = (await app.GetAsync("/sandbox/messages?deliveryId=" + AppHost.Deliveries(view)[0].GetProperty("id").GetString()))[0];
        return new Uri(mail.GetProperty("headers").GetProperty("List-Unsubscribe").GetString()!.Trim('<', '>'));
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]+)\">", RegexOptions.ExplicitCapture)]
    private static partial Regex Hidden();
}
