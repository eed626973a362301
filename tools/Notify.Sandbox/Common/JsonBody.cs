using System.Text.Json;

namespace Notify.Sandbox.Common;

/// <summary>Parses the JSON bodies that the sandbox is sent.</summary>
internal static class JsonBody
{
    /// <summary>
    /// The document, with every text in it checked: RFC 8259 lets an escape stand for half a character, and bytes that are no UTF-8 pass
    /// the parser, but reading such a text throws.
    /// </summary>
    /// <exception cref="JsonException">The body is not JSON, or a text in it is not Unicode.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                CheckText(ref reader);
            }
        }
        return JsonDocument.Parse(body);
    }

    private static void CheckText(ref Utf8JsonReader reader)
    {
        try
        {
            reader.GetString();
        }
        catch (InvalidOperationException fault)
        {
            throw new JsonException("A text in the body is not Unicode.", fault);
        }
    }
}
