using System.Globalization;
using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Templates;

/// <summary>What is to be rendered by way of trial: <c>{ "channel", "locale", "payload", "recipient" }</c>.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Payload">The payload, as an event would bring it.</param>
/// <param name="Recipient">The recipient: a profile as the API takes it, or nobody in particular.</param>
internal sealed record PreviewRequest(Channel Channel, JsonElement Payload, RecipientProfile Recipient)
{
    /// <summary>The body's size in bytes: a payload, a profile, and room.</summary>
    public const int MaxBytes = EventLimits.PayloadBytes + ProfileReader.MaxBytes + 1024;

    // Stands for the id where none is given.
    private const string Somebody = "recipient";
    private static readonly string[] Known = ["channel", "locale", "payload", "recipient"];

    /// <summary>Reads a body, or says everything that is wrong with it.</summary>
    public static (PreviewRequest? Request, IReadOnlyList<EventFault> Faults) Read(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, StrictJson.EventDepth, out var fault);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return (null, [fault ?? new EventFault("$", "invalid", "The body is a JSON object.")]);
        }
        var root = document.RootElement;
        var fields = new EventFields(root);
        fields.RefuseUnknown(Known, "a preview");
        var channel = fields.Enum<Channel>("channel", ContractNames.TryParse, "email, sms, push, in_app");
        var payload = fields.Object("payload", required: true, out var given) ? ReadPayload(fields, given) : default;
        var recipient = fields.Object("recipient", required: false, out var about)
            ? ReadRecipient(fields, about) : new RecipientProfile { Id = Somebody };
        if (fields.Text("locale", 35) is { } locale)
        {
            recipient = recipient with { Locale = LanguageTag.Normalize(locale) };
            if (recipient.Locale is null)
            {
                fields.Fault("locale", "invalid", "'locale' is a language tag by BCP 47, such as de-AT or zh-Hant-TW.");
            }
        }
        return fields.Faults.Count > 0 ? (null, fields.Faults) : (new PreviewRequest(channel, payload, recipient), []);
    }

    private static JsonElement ReadPayload(EventFields fields, JsonElement payload)
    {
        if (NotifyJson.ByteCount(payload) is var size and > EventLimits.PayloadBytes)
        {
            fields.Fault("payload", "too_long",
                string.Create(CultureInfo.InvariantCulture, $"The payload has {size} bytes; the limit is {EventLimits.PayloadBytes}."));
        }
        else if (!NotifyJson.IsText(payload) || !PayloadContent.IsUsable(payload, hasTemplate: true))
        {
            fields.Fault("payload", "invalid",
                "'title', 'message', 'url' and 'html' are texts, 'data' is an object of texts, numbers and booleans, and everything is "
                    + "valid Unicode.");
        }
        else
        {
            PayloadContent.CheckLinks(payload, (name, detail) => fields.Fault("payload." + name, "invalid", detail));
        }
        return payload.Clone();
    }

    private static RecipientProfile ReadRecipient(EventFields fields, JsonElement about)
    {
        var id = about.TryGetProperty("id", out var given) && NotifyJson.TryGetString(given, out var text) && AddressSyntax.IsId(text)
            ? text : Somebody;
        var (profile, faults) = ProfileReader.Read(tenant: null, id, about);
        foreach (var fault in faults)
        {
            fields.Fault("recipient." + fault.Field, fault.Code, fault.Detail);
        }
        return profile ?? new RecipientProfile { Id = id };
    }
}
