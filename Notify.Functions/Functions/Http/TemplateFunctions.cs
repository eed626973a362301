using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Sms;
using Notify.Functions.Templates;

namespace Notify.Functions.Functions.Http;

/// <summary><c>/api/templates</c>: what there is, and what it says.</summary>
public sealed class TemplateFunctions(TemplateRenderer templates, SmsText texts, IEnumerable<IProviderSender> senders)
{
    private const string What = "preview";

    /// <summary>Every template with its channels and their locales; <see langword="null"/> stands for the default.</summary>
    [Function("ListTemplates")]
    public Task<IResult> ListTemplates(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "templates")] HttpRequest request) => Task.FromResult(Results.Json(
        new
        {
            items = templates.Library.Names.Select(name => new
            {
                name,
                channels = templates.Library.FilesOf(name).GroupBy(file => file.Channel)
                    .ToDictionary(channel => channel.Key.Name(), channel => channel.Select(file => LocaleOf(file)), StringComparer.Ordinal),
            }),
        },
        NotifyJson.Options));

    /// <summary>
    /// What a template makes of a payload: 200 with the parts, 400 with what is wrong with the call or cannot be said, 404 for a template
    /// that does not exist.
    /// </summary>
    [Function("PreviewTemplate")]
    public async Task<IResult> PreviewTemplate(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "templates/{name}/preview")] HttpRequest request, string name,
        CancellationToken cancellationToken)
    {
        if (!templates.Has(name))
        {
            return ProblemResults.NotFound($"There is no template of this name. {templates.Known}.");
        }
        if (await RequestBody.ReadAsync(request, PreviewRequest.MaxBytes, cancellationToken) is not { } body)
        {
            return ProblemResults.TooLarge(PreviewRequest.MaxBytes);
        }
        var (preview, faults) = PreviewRequest.Read(body);
        if (preview is null)
        {
            return ProblemResults.Invalid(faults, What);
        }
        var (template, fault) = templates.Find(name, preview.Channel, preview.Recipient);
        var rendering = template?.Render(preview.Payload, TemplateVariables.From(preview.Payload), preview.Recipient,
            templates.DataOf(template.File, preview.Recipient)) ?? fault!;
        return rendering.Content is { } content
            ? Results.Json(Parts(preview.Channel, content, LocaleOf(template!.File)), NotifyJson.Options)
            : ProblemResults.Invalid([new EventFault("template", rendering.Fault!, rendering.Detail!)], What);
    }

    private object Parts(Channel channel, MessageContent content, string? locale)
    {
        // What the sender of each provider in use would reject, by the senders' own rules.
        var refused = senders.Where(sender => sender.Channel == channel && sender.RefusalOf(content) is not null)
            .Select(sender => new Refused(sender.Name, sender.RefusalOf(content)!)).ToList() is { Count: > 0 } some
            ? some
            : null;
        return channel switch
        {
            Channel.Email => new { channel = channel.Name(), locale, subject = content.Title, text = content.Text, content.Html, refused },
            Channel.Sms => new
            {
                channel = channel.Name(),
                locale,
                text = SmsText.From(content),
                segments = Segments(content, refused is not null),
                refused
            },
            _ => new { channel = channel.Name(), locale, title = content.Title, text = content.Text, refused },
        };
    }

    // As it goes out: with plain characters where that is cheaper.
    private object Segments(MessageContent content, bool isRefused)
    {
        var ready = texts.Prepare(content, mostCharacters: null);
        var segments = SmsSegments.Measure(ready.Text);
        return new
        {
            encoding = segments.Encoding is SmsEncoding.Gsm7 ? "gsm-7" : "ucs-2",
            segments.Units,
            segments.Count,
            tooMany = isRefused || ready.Refusal is not null
        };
    }

    private sealed record Refused(string Provider, string Reason);

    private static string? LocaleOf(TemplateFile file) => file.Locale.Length == 0 ? null : file.Locale;
}
