using System.Globalization;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Templates;

/// <summary>
/// What one event says. Rendered once for all recipients of one language, where the template says the same to all of them. Not for several
/// threads.
/// </summary>
public sealed class EventContent
{
    private readonly TemplateRenderer _renderer;
    private readonly EnvelopeEvent _notification;
    private readonly Dictionary<(CompiledTemplate, CultureInfo, string), Rendering> _shared = [];
    private readonly Lazy<Dictionary<string, object?>> _fields;

    internal EventContent(TemplateRenderer renderer, EnvelopeEvent notification)
    {
        (_renderer, _notification) = (renderer, notification);
        _fields = new(() => TemplateVariables.From(notification.Template!.Payload));
    }

    /// <summary>What it says to a recipient on a channel.</summary>
    public Rendering For(Channel channel, RecipientProfile recipient)
    {
        if (_notification.Template is not { } template)
        {
            return new Rendering(_notification.Content, Fault: null);
        }
        var (compiled, missing) = _renderer.Find(template.Name, channel, recipient);
        if (compiled is null)
        {
            return missing!;
        }
        var data = _renderer.DataOf(compiled.File, recipient);
        if (compiled.NamesRecipient)
        {
            return compiled.Render(template.Payload, _fields.Value, recipient, data);
        }
        var key = (compiled, (CultureInfo)data[TemplateHelpers.Culture], ((TimeZoneInfo)data[TemplateHelpers.Zone]).Id);
        if (!_shared.TryGetValue(key, out var rendering))
        {
            rendering = compiled.Render(template.Payload, _fields.Value, recipient, data);
            // Regions and time zones seldom make a difference, and what is the same is sent together.
            _shared[key] = rendering = _shared.Values.FirstOrDefault(other => SayTheSame(other, rendering)) ?? rendering;
        }
        return rendering;
    }

    private static bool SayTheSame(Rendering one, Rendering other) => string.Equals(one.Fault, other.Fault, StringComparison.Ordinal)
        && string.Equals(one.Content?.Title, other.Content?.Title, StringComparison.Ordinal)
        && string.Equals(one.Content?.Text, other.Content?.Text, StringComparison.Ordinal)
        && string.Equals(one.Content?.Html, other.Content?.Html, StringComparison.Ordinal);
}
