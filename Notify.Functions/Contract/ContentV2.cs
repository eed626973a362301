using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Notify.Functions.Contract;

/// <summary>
/// What people see (<c>content</c>) and the facts (<c>payload</c>) of <c>event.v2</c>. The model keeps both in one object, so a fact may
/// not have the name of a content's field.
/// </summary>
internal static partial class ContentV2
{
    /// <summary>Every field of <c>content</c>.</summary>
    public static IReadOnlyList<string> Known { get; } = ["title", "message", "html", "url", "data"];

    /// <summary>The model's payload; <see langword="null"/> where a fault was recorded.</summary>
    /// <param name="fields">The event's fields.</param>
    /// <param name="hasTemplate">Whether a template has the words.</param>
    public static JsonElement? Read(EventFields fields, bool hasTemplate)
    {
        var before = fields.Faults.Count;
        var hasContent = fields.Object("content", required: !hasTemplate, out var content);
        var hasFacts = fields.Object("payload", required: false, out var facts);
        if (hasContent)
        {
            Check(content, new EventFields(content, "content.", fields.Faults), hasTemplate);
        }
        if (hasFacts)
        {
            CheckFacts(facts, fields);
        }
        if (fields.Faults.Count > before)
        {
            return null;
        }
        var merged = Merge(hasContent ? content : null, hasFacts ? facts : null);
        if (merged.Length > EventLimits.PayloadBytes)
        {
            fields.Fault("content", "too_long",
                string.Create(CultureInfo.InvariantCulture,
                    $"Content and payload together have {merged.Length} bytes; the limit is {EventLimits.PayloadBytes}."));
            return null;
        }
        using var document = JsonDocument.Parse(merged);
        return document.RootElement.Clone();
    }

    private static void Check(JsonElement content, EventFields fields, bool hasTemplate)
    {
        fields.RefuseUnknown(Known, "content");
        foreach (var name in Known.Where(fields.Has))
        {
            var value = content.GetProperty(name);
            var text = "";
            if (name is "data" ? !PayloadContent.IsData(value) || !NotifyJson.IsText(value) : !NotifyJson.TryGetString(value, out text))
            {
                fields.Fault(name, "invalid", name is "data"
                    ? "'data' is an object of texts, numbers and booleans." : $"'{name}' is a text.");
            }
            else if (name is "url" && !IsLink(text))
            {
                fields.Fault(name, "invalid",
                    "'url' is an absolute link such as https://example.com/orders/17, with no blanks in it, and no script.");
            }
            else if (name is "html" && !HtmlLinks.AreAllowed(text))
            {
                fields.Fault(name, "invalid", "'html' has a link of a scheme that is not let through, such as a script.");
            }
        }
        if (!hasTemplate && IsBlank(content, "title") && IsBlank(content, "message"))
        {
            fields.Fault("message", "missing", "'message' or 'title' is required.");
        }
    }

    private static void CheckFacts(JsonElement facts, EventFields fields)
    {
        foreach (var name in Known.Where(name => facts.TryGetProperty(name, out _)))
        {
            fields.Fault("payload." + name, "conflict",
                $"What people see belongs into 'content': put '{name}' there, or give the fact another name.");
        }
        if (!NotifyJson.IsText(facts))
        {
            fields.Fault("payload", "invalid", "The payload holds text that is not valid Unicode.");
        }
    }

    // A value of another kind has its own fault already.
    private static bool IsBlank(JsonElement content, string name) =>
        !content.TryGetProperty(name, out var value)
        || value.ValueKind == JsonValueKind.Null
        || (NotifyJson.TryGetString(value, out var text) && string.IsNullOrWhiteSpace(text));

    private static bool IsLink(string text) =>
        text.Length <= EventLimits.UrlLength && Link().IsMatch(text) && Links.IsAllowed(text);

    // As it came: the writer would turn an emoji's four bytes into twelve.
    private static ReadOnlyMemory<byte> Merge(JsonElement? content, JsonElement? facts)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, NotifyJson.WriterOptions))
        {
            json.WriteStartObject();
            foreach (var property in (content?.EnumerateObject() ?? default).Where(property =>
                property.Value.ValueKind != JsonValueKind.Null).Concat(facts?.EnumerateObject() ?? default))
            {
                json.WritePropertyName(property.Name);
                json.WriteRawValue(property.Value.GetRawText(), skipInputValidation: true);
            }
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    [GeneratedRegex("^[a-z][a-z0-9+.-]*://[^\\u0000-\\u0020\\u007f]+\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
