using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>JSON as this service reads and writes it.</summary>
internal static class NotifyJson
{
    /// <summary>camelCase, and an encoder that leaves Cyrillic and emoji as they are: escaped they would triple.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The same encoder for <see cref="Utf8JsonWriter"/>.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A string's value; <see langword="false"/> for other kinds and for text that is no Unicode (a lone surrogate).</summary>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "The one place that asks what GetString throws on.")]
    public static bool TryGetString(JsonElement element, out string text)
    {
        text = string.Empty;
        if (element.ValueKind != JsonValueKind.String)
        {
            return false;
        }
        try
        {
            text = element.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Whether every string and name below is Unicode text, so that nothing fails on it later.</summary>
    public static bool IsText(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => TryGetString(element, out _),
        JsonValueKind.Array => element.EnumerateArray().All(IsText),
        JsonValueKind.Object => element.EnumerateObject().All(property => NameOf(property) is not null && IsText(property.Value)),
        _ => true,
    };

    /// <summary>A property's name; <see langword="null"/> where it is no Unicode.</summary>
    public static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// A text by its value; a number, a boolean or a text that is no Unicode as JSON writes it: <c>1.50</c>, <c>true</c>.
    /// </summary>
    public static string TextOf(JsonElement value) => TryGetString(value, out var text) ? text : value.GetRawText();

    /// <summary>
    /// JSON without the byte order mark that may stand before it. RFC 8259, section 8.1, lets a reader ignore it; this service does so
    /// everywhere.
    /// </summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> utf8) => utf8[^Utf8Text.WithoutMark(utf8.Span).Length..];

    /// <summary>The size as it came, in bytes of UTF-8, blanks included.</summary>
    public static int ByteCount(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).Length;
}
