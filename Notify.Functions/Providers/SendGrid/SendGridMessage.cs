using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.SendGrid;

/// <summary>
/// The body of a <c>v3/mail/send</c> request: one content, a personalization a recipient, so that nobody sees the others
/// (<c>https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send</c>).
/// </summary>
internal static class SendGridMessage
{
    /// <summary>
    /// The custom argument that carries our attempt id and comes back in every event, as a field of its own. Not <c>attempt</c>: a
    /// deferral has a field of that name already, SendGrid's count of its own tries.
    /// </summary>
    public const string AttemptArgument = "attempt_id";

    /// <summary>Stands in the bodies for the recipient's own link, which SendGrid puts in its place.</summary>
    private const string UnsubscribeTag = "-notify_unsubscribe_url-";

    /// <summary>The most characters that a category may have.</summary>
    private const int CategoryLimit = 255;

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the body.</summary>
    public static ReadOnlyMemory<byte> Write(SendRequest request, IEnumerable<SendTarget> targets, SendGridOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(buffer, Json);
        writer.WriteStartObject();
        var letters = targets.ToList();
        WritePersonalizations(writer, letters);

        writer.WriteStartObject("from");
        writer.WriteString("email", options.FromAddress);
        if (!string.IsNullOrWhiteSpace(options.FromName))
        {
            writer.WriteString("name", options.FromName);
        }
        writer.WriteEndObject();

        writer.WriteString("subject", EmailText.Subject(request.Content));
        writer.WriteStartArray("content"); // Plain text first: SendGrid refuses the other order.
        var link = letters.Exists(letter => letter.UnsubscribeUrl is not null) ? UnsubscribeTag : null;
        WriteContent(writer, "text/plain", EmailText.Plain(request.Content, link, request.UnsubscribeText));
        WriteContent(writer, "text/html", EmailText.Html(request.Content, link, request.UnsubscribeText));
        writer.WriteEndArray();

        writer.WriteStartArray("categories");
        foreach (var category in Categories(request))
        {
            writer.WriteStringValue(category);
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static void WritePersonalizations(Utf8JsonWriter writer, IEnumerable<SendTarget> targets)
    {
        writer.WriteStartArray("personalizations");
        foreach (var target in targets)
        {
            writer.WriteStartObject();
            writer.WriteStartArray("to");
            writer.WriteStartObject();
            writer.WriteString("email", target.Addresses[0]);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteStartObject("custom_args");
            writer.WriteString(AttemptArgument, target.AttemptId);
            writer.WriteEndObject();
            if (target.UnsubscribeUrl is { } link)
            {
                WriteUnsubscribe(writer, link.AbsoluteUri);
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    /// <summary>One-click unsubscribe, and the link in the bodies.</summary>
    private static void WriteUnsubscribe(Utf8JsonWriter writer, string link)
    {
        writer.WriteStartObject("headers");
        ListUnsubscribe.Write(writer, link);
        writer.WriteEndObject();
        writer.WriteStartObject("substitutions");
        writer.WriteString(UnsubscribeTag, link);
        writer.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter writer, string type, string value)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WriteString("value", value);
        writer.WriteEndObject();
    }

    /// <summary>Why it was sent and the recipient's category, each once: SendGrid refuses a repeated one.</summary>
    private static IEnumerable<string> Categories(SendRequest request) =>
        new[] { request.Type.Name(), request.Category }
            .Where(category => category is { Length: > 0 and <= CategoryLimit })
            .Select(category => category!)
            .Distinct(StringComparer.OrdinalIgnoreCase);
}
