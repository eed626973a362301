using System.Text;
using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Ledger;
using Notify.Functions.Providers;
using Notify.Functions.Sending.Sms;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.Templates;

namespace Notify.Functions.Tests.Contract;

public sealed class LinksTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// As browsers read them (the URL standard): case, controls and blanks before the scheme, tabs and line breaks in it do not count.
    /// </summary>
    [Theory]
    [InlineData("https://example.com/orders/17", true)]
    [InlineData("shop-app://orders/17", true)]
    [InlineData("mailto:help@example.com", true)]
    [InlineData("tel:+15555550100", true)]
    [InlineData("/orders/17?next=javascript:alert(1)", true)]
    [InlineData("orders/17#data:x", true)]
    [InlineData("anything goes", true)]
    [InlineData("javascripts:x", true)]
    [InlineData("x-javascript:x", true)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("JavaScript://%0aalert(1)", false)]
    [InlineData(" \u0001\tjavascript:alert(1)", false)]
    [InlineData("java\nscript\t:alert(1)", false)]
    [InlineData("vbscript:msgbox(1)", false)]
    [InlineData("data:text/html,<script>alert(1)</script>", false)]
    [InlineData("blob:https://example.com/1", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("filesystem:https://example.com/temporary/x", false)]
    public void One_rule_says_which_links_are_let_through(string link, bool isAllowed)
    {
        Assert.Equal(isAllowed, Links.IsAllowed(link));
        Assert.Equal(isAllowed ? link : null, new MessageContent("t", "m") { Url = link }.Url);
        Assert.Equal(isAllowed ? [] : ["payload.url invalid"],
            Faults(EventReaderTests.With("payload", $$"""{"message":"m","url":{{JsonSerializer.Serialize(link)}}}""")));
    }

    [Theory]
    [InlineData("javascript://%0aalert(1)")]
    [InlineData("file://server/share")]
    [InlineData("data://x")]
    public void An_event_of_version_2_has_the_same_rule(string link) =>
        Assert.Equal(["content.url invalid"], Faults(EventV2ReaderTests.With("content", $$"""{"message":"m","url":"{{link}}"}""")));

    [Theory]
    [InlineData("<a href=\"https://example.com/?a=1&amp;b=2\">x</a><img src=\"data:image/png;base64,AA==\"><p>data: 1</p>", true)]
    [InlineData("<a href='/orders'>x</a><a href=#top>x</a><form action=https://example.com/>", true)]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>", false)]
    [InlineData("<A HREF = 'JavaScript:alert(1)'>x</A>", false)]
    [InlineData("<a title=\"x\"href=javascript:alert(1)>x</a>", false)]
    [InlineData("<a href=\"&#106;avascript:alert(1)\">x</a>", false)]
    [InlineData("<a href=\"java&Tab;script:alert(1)\">x</a>", false)]
    [InlineData("<a href=\"javascript&colon;alert(1)\">x</a>", false)]
    [InlineData("<a href=\" java\nscript:alert(1)\">x</a>", false)]
    [InlineData("<button formaction=\"vbscript:x\">x</button>", false)]
    [InlineData("<svg><a xlink:href=\"data:text/html,x\">x</a></svg>", false)]
    [InlineData("<form action=javascript:x>", false)]
    public void Html_holds_no_other_links_either(string html, bool isAllowed)
    {
        var json = JsonSerializer.Serialize(html);

        Assert.Equal(isAllowed, HtmlLinks.AreAllowed(html));
        Assert.Equal(isAllowed ? [] : ["payload.html invalid"],
            Faults(EventReaderTests.With("payload", $$"""{"message":"m","html":{{json}}}""")));
        Assert.Equal(isAllowed ? [] : ["content.html invalid"],
            Faults(EventV2ReaderTests.With("content", $$"""{"message":"m","html":{{json}}}""")));
    }

    [Theory]
    [InlineData("https://example.com/r", null)]
    [InlineData("javascript:alert(1)", "template:faulty")]
    [InlineData("&#106;avascript:alert(1)", "template:faulty")]
    public void A_template_renders_no_other_link(string link, string? fault)
    {
        using var templates = new TestTemplates(("t/email.hbs", "--- subject\ns\n--- text\nm\n--- html\n<a href=\"{{link}}\">x</a>"));

        Assert.Equal(fault, templates.Of($$"""{"link":"{{link}}"}""").For(Channel.Email, TestTemplates.Ann).Fault);
    }

    [Theory]
    [InlineData("https://example.com/a b", false)]
    [InlineData("https://example.com/", true)]
    [InlineData("HTTP://example.com", true)]
    [InlineData("http:example.com", false)]
    [InlineData("https://", false)]
    [InlineData("/etc/passwd", false)]
    [InlineData("shop-app://orders", false)]
    [InlineData(null, false)]
    public void A_mail_made_of_a_text_links_to_the_web_only(string? link, bool isLinked)
    {
        var html = EmailText.Html(new MessageContent("t", "m") { Url = link });

        Assert.Equal(isLinked, html.Contains("href", StringComparison.Ordinal));
    }

    /// <summary>What an older version let through and stored is read; where it would be shown it has no link.</summary>
    [Fact]
    public void A_stored_event_is_read_whatever_it_links_to_and_links_to_nothing()
    {
        var stored = new EventRecord
        {
            Event = TestEvents.Alert() with
            {
                Payload = TestEvents.Json(
                """{"message":"m","url":"javascript:alert(1)","html":"<a href='javascript:x'>x</a>"}""")
            },
            Source = new EventPosition("t", 0, 1),
            SeenAt = Now,
        };

        var read = EventRecord.From(stored.ToTable("0123456789abcdef")).Event;
        var content = EnvelopeEvent.From(read).Content!;

        Assert.Equal(stored.Event.Payload.GetRawText(), read.Payload.GetRawText());
        Assert.Null(content.Url);
        Assert.Equal("m", SmsText.From(content));
    }

    private static IEnumerable<string> Faults(string json) =>
        EventReader.Read(Encoding.UTF8.GetBytes(json), new EventDefaults("e", Now)).Faults.Select(fault => $"{fault.Field} {fault.Code}");
}
