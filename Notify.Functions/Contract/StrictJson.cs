using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>JSON without what two readers may understand differently: no comments, no trailing commas, no field twice, no endless nesting.</summary>
internal static class StrictJson
{
    /// <summary>How deep an event may nest: the payload, the event around it, and the event's own fields.</summary>
    public const int EventDepth = EventLimits.PayloadDepth + 2;

    /// <summary>The fault where the place is not known.</summary>
    public static EventFault NotJson { get; } = new("$", "not_json", "The body is not valid JSON, or has a field twice, or nests too deep.");

    /// <summary>The document; <see langword="null"/>, with the fault, where it is not JSON.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8, int depth, out EventFault? fault)
    {
        try
        {
            fault = null;
            return JsonDocument.Parse(utf8, new JsonDocumentOptions
            {
                AllowTrailingCommas = false,
                AllowDuplicateProperties = false,
                CommentHandling = JsonCommentHandling.Disallow,
                MaxDepth = depth,
            });
        }
        catch (JsonException at)
        {
            fault = Describe(at);
            return null;
        }
        catch (InvalidOperationException)
        {
            // A name that is no Unicode, found while names are compared.
            fault = NotJson;
            return null;
        }
    }

    // JsonException's own message quotes the offending text, which may be payload.
    private static EventFault Describe(JsonException fault) => fault.LineNumber is { } line
        ? NotJson with { Detail = $"The body is not valid JSON (line {line + 1}, byte {fault.BytePositionInLine + 1}), or has a field twice, or nests too deep." }
        : NotJson;
}
