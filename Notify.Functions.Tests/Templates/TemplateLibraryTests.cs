using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Templates;

namespace Notify.Functions.Tests.Templates;

public sealed class TemplateLibraryTests
{
    [Theory]
    [InlineData("t/fax.hbs", "x", "t/fax.hbs")]
    [InlineData("t/sms.german.hbs", "x", "'german' is no locale")]
    [InlineData("t/sms.de-at.hbs", "x", "'de-at' is no locale")]
    [InlineData("a b/sms.hbs", "x", "a b")]
    [InlineData("_other/sms.hbs", "x", "_other")]
    [InlineData("t/sms.hbs", "", "'text' is missing")]
    [InlineData("t/email.hbs", "Hello", "'subject' is missing")]
    [InlineData("t/push.hbs", "--- title\nHello", "'text' is missing")]
    [InlineData("t/email.hbs", "--- subject\nHello\n--- text\nx\n--- colour\nred", "line 5")]
    [InlineData("t/email.hbs", "--- subject\nHello\n--- subject\nx", "line 3")]
    [InlineData("t/sms.hbs", "--- html\nHello", "line 1")]
    [InlineData("t/email.hbs", "--- subject layout=plain\nHello\n--- text\nx", "line 1")]
    [InlineData("t/email.hbs", "--- subject\nHello\n--- text\nx\n--- html layout=nope\nx", "no layout 'nope'")]
    [InlineData("t/sms.hbs", "{{#if a}}", "t/sms.hbs")]
    [InlineData("t/sms.hbs", "{{a", "t/sms.hbs")]
    [InlineData("_partials/p.hbs", "{{a", "_partials/p.hbs")]
    [InlineData("_layouts/p.de.hbs", "{{/if}}", "_layouts/p.de.hbs")]
    public void A_faulty_file_is_named_and_stops_the_start(string path, string content, string named)
    {
        using var templates = new TestTemplates((path, content));

        var fault = Assert.Single(new TemplatesOptions { Folder = templates.Folder }.Validate(null!));

        Assert.Contains(named, fault.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_and_a_locale_that_is_none_stop_the_start()
    {
        Assert.Contains("no such folder", Assert.Single(new TemplatesOptions { Folder = "nowhere" }.Validate(null!)).ErrorMessage,
            StringComparison.Ordinal);
        Assert.Contains("no locale", Assert.Single(new TemplatesOptions { DefaultLocale = "english" }.Validate(null!)).ErrorMessage,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Cuts_a_file_into_its_parts()
    {
        var file = TemplateFile.Parse("t/email.hbs", Channel.Email, "",
            "--- subject\r\nHi\r\n--- html layout=a-b\r\n<p>\r\n--- text\r\n\r\na\r\n---\r\nb\r\n");

        Assert.Equal(("Hi", "<p>", "a\n---\nb", "a-b"), (file.Parts["subject"], file.Parts["html"], file.Parts["text"], file.Layout));
    }

    [Theory]
    [InlineData("password-reset", """{"resetUrl":"https://example.com/r?a=1&b=2","name":"Ann","expiresAt":"2026-01-29T23:30:00Z"}""")]
    [InlineData("password-reset", """{"resetUrl":"https://example.com/r?a=1&b=2"}""")]
    [InlineData("welcome", """{"message":"Glad you are here.","name":"Ann"}""")]
    public void The_templates_that_ship_can_be_rendered(string name, string payload)
    {
        var renderer = new TemplateRenderer(Options.Create(new TemplatesOptions()), Options.Create(new RecipientsOptions()));
        var files = renderer.Library.FilesOf(name).ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var rendering = renderer.ContentOf(
                Notify.Functions.Contract.EnvelopeEvent.From(
                    Harness.TestEvents.Alert() with { Template = name, Payload = Harness.TestEvents.Json(payload) }))
                .For(file.Channel, new RecipientProfile { Id = "ann", Locale = file.Locale.Length == 0 ? null : file.Locale });

            Assert.Null(rendering.Fault);
            Assert.True(name is "welcome" || rendering.Content!.Text.Contains("https://example.com/r?a=1&b=2", StringComparison.Ordinal));
        });
    }
}
