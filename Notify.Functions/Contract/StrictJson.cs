using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Notify.Functions.Contract;

/// <summary>
/// JSON without what two readers may understand differently: no comments, no trailing commas, no field twice, no endless nesting.
/// </summary>
internal static class StrictJson
{
    /// <summary>How deep an event may nest: the payload, the event around it, and the event's own fields.</summary>
    public const int EventDepth = EventLimits.PayloadDepth + 2;

    // Deeper than a body within its limit of bytes can be.
    private const int Bottomless = int.MaxValue;

    /// <summary>The fault where no more is known.</summary>
    public static EventFault NotJson { get; } = new("$", "not_json", "The body is not valid JSON.");

    /// <summary>
    /// The document; <see langword="null"/>, with the fault, where it is not JSON. Its names are Unicode;
    /// <see cref="NotifyJson.TryGetString"/> says whether a value is.
    /// </summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8, int depth, out EventFault? fault)
    {
        utf8 = NotifyJson.WithoutMark(utf8);
        if (!Utf8.IsValid(utf8.Span))
        {
            // JSON is UTF-8 (RFC 8259 section 8.1). The parser passes over what is not, and names would throw later.
            fault = NotJson;
            return null;
        }
        try
        {
            fault = null;
            return JsonDocument.Parse(utf8, Rules(depth, allowTwice: false));
        }
        catch (JsonException at)
        {
            fault = Describe(at, utf8, depth);
            return null;
        }
        catch (InvalidOperationException)
        {
            // Found while names are compared.
            fault = NotJson with { Detail = "A field's name is no Unicode." };
            return null;
        }
    }

    /// <summary>The fault of what nests deeper than so many levels.</summary>
    public static EventFault TooDeep(int depth) =>
        NotJson with { Detail = string.Create(CultureInfo.InvariantCulture, $"The body nests deeper than {depth} levels.") };

    private static JsonDocumentOptions Rules(int depth, bool allowTwice) => new()
    {
        AllowTrailingCommas = false,
        AllowDuplicateProperties = allowTwice,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = depth,
    };

    // JsonException's own message quotes the offending text, which may be payload. It does not say which of the rules is broken.
    private static EventFault Describe(JsonException fault, ReadOnlyMemory<byte> utf8, int depth)
    {
        var where = fault.LineNumber is { } line
            ? string.Create(CultureInfo.InvariantCulture, $" (line {line + 1}, byte {fault.BytePositionInLine + 1})") : "";
        return IsJson(utf8, Rules(depth, allowTwice: true)) ? NotJson with { Detail = $"A field stands there twice{where}." }
            : IsJson(utf8, Rules(Bottomless, allowTwice: true)) ? TooDeep(depth)
            : NotJson with { Detail = $"The body is not valid JSON{where}." };
    }

    private static bool IsJson(ReadOnlyMemory<byte> utf8, JsonDocumentOptions rules)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, rules);
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
