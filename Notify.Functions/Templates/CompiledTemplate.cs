using System.Text.Json;
using HandlebarsDotNet;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Templates;

/// <summary>One template for one channel and language, ready to render.</summary>
internal sealed class CompiledTemplate(
    TemplateFile file, IReadOnlyDictionary<string, HandlebarsTemplate<object, object>> parts, HandlebarsTemplate<object, object>? layout,
    bool namesRecipient)
{
    /// <summary>The file it was made of.</summary>
    public TemplateFile File => file;

    /// <summary>Whether it may say something else to each recipient; where not, the recipient is out of its reach.</summary>
    public bool NamesRecipient => namesRecipient;

    /// <summary>What the message says.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="fields">The same as variables.</param>
    /// <param name="recipient">Whom it is for.</param>
    /// <param name="data">What helpers need to know.</param>
    public Rendering Render(
        JsonElement payload, IReadOnlyDictionary<string, object?> fields, RecipientProfile recipient,
        IReadOnlyDictionary<string, object> data)
    {
        try
        {
            var variables = namesRecipient ? TemplateVariables.With(fields, recipient) : fields;
            var text = Part(TemplateFile.Text, variables, data);
            var title = TemplateFile.TitlePart(file.Channel) is { } part
                ? OneLine(Part(part, variables, data)) : PayloadContent.FirstLine(text);
            if (title.Length == 0 || string.IsNullOrWhiteSpace(text))
            {
                return Rendering.Failed(DeliveryReasons.TemplateEmpty, $"{file.Name} comes to an empty title or text.");
            }
            var html = parts.ContainsKey(TemplateFile.Html) ? Html(title, variables, data) : null;
            if (html is not null && !HtmlLinks.AreAllowed(html))
            {
                return Rendering.Failed(DeliveryReasons.TemplateFaulty,
                    $"{file.Name} comes to a link of a scheme that is not let through, such as a script.");
            }
            return new Rendering(PayloadContent.FromPayload(payload, title, text, html), Fault: null) { Locale = file.Locale };
        }
        catch (Exception fault)
        {
            return Failed(fault);
        }
    }

    private string Html(string title, IReadOnlyDictionary<string, object?> variables, IReadOnlyDictionary<string, object> data)
    {
        var body = Part(TemplateFile.Html, variables, data);
        return layout is null
            ? body
            : layout(
            new Dictionary<string, object?>(variables, StringComparer.Ordinal) { ["subject"] = title, ["body"] = body }, data);
    }

    private string Part(string name, IReadOnlyDictionary<string, object?> variables, IReadOnlyDictionary<string, object> data) =>
        parts[name](variables, data);

    // A subject over two lines would be two headers.
    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // What went wrong inside a partial comes wrapped. Only messages that cannot quote a value are handed on.
    private Rendering Failed(Exception fault)
    {
        for (var inner = fault; inner is not null; inner = inner.InnerException)
        {
            if (inner is TemplateFaultException own)
            {
                return Rendering.Failed(own.Reason, $"{file.Name}: {own.Message}");
            }
        }
        return Rendering.Failed(DeliveryReasons.TemplateFaulty,
            $"{file.Name}: {(fault is HandlebarsException ? fault.Message : fault.GetType().Name)}");
    }
}
