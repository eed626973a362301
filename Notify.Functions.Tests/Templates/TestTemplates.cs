using System.Text.Json;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Templates;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Templates;

/// <summary>A folder of templates that a test writes; gone with it.</summary>
internal sealed class TestTemplates : IDisposable
{
    private readonly Lazy<TemplateRenderer> _renderer;

    public TestTemplates(params (string Path, string Content)[] files)
    {
        Folder = Directory.CreateTempSubdirectory("notify-templates-").FullName;
        foreach (var (path, content) in files)
        {
            Write(path, content);
        }
        _renderer = new(() => new TemplateRenderer(Options.Create(new TemplatesOptions { Folder = Folder }),
            Options.Create(new RecipientsOptions())));
    }

    public string Folder { get; }

    public TemplateRenderer Renderer => _renderer.Value;

    public static RecipientProfile Ann { get; } = new()
    {
        Id = "ann",
        Email = "ann@example.com",
        Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["firstName"] = "Ann <3" },
    };

    public void Write(string path, string content)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    public EventContent Of(string payload, string template = "t") =>
        Renderer.ContentOf(EnvelopeEvent.From(
            TestEvents.Alert() with { Template = template, Payload = JsonDocument.Parse(payload).RootElement }));

    /// <summary>The text that comes out, or the fault.</summary>
    public string Render(string payload, Channel channel = Channel.Sms, RecipientProfile? recipient = null, string template = "t")
    {
        var rendering = Of(payload, template).For(channel, recipient ?? Ann);
        return rendering.Content?.Text ?? rendering.Fault!;
    }

    /// <summary>What one text message template makes of a payload.</summary>
    public static string RenderText(string source, string payload, RecipientProfile? recipient = null)
    {
        using var templates = new TestTemplates(("t/sms.hbs", source));
        return templates.Render(payload, recipient: recipient);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
