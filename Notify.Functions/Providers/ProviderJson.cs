using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Notify.Functions.Contract;

namespace Notify.Functions.Providers;

/// <summary>
/// Reads the JSON that providers answer and report, and nothing else reads it: a text or name that is no Unicode must not hide what stands
/// beside it.
/// </summary>
/// <remarks>Providers pass on what mail servers and carriers wrote, in whatever encoding, and cut texts within a character.</remarks>
internal static class ProviderJson
{
    private const int EscapeLength = 6; // \uXXXX
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true }; // Event Grid's own sample has one.

    /// <summary>The document, with U+FFFD for whatever is no Unicode; <see langword="null"/> where the body is not JSON.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(Repaired(body), Lenient);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A member, or <see langword="null"/> where there is none, or no object to have one.</summary>
    /// <remarks>One in another case counts where none has the very name: documentation, SDKs and services differ in it (<c>Tag</c>,
    /// <c>deliveryAttemptTimeStamp</c>).</remarks>
    public static JsonElement? Member(this JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        if (json.TryGetProperty(name, out var exact))
        {
            return exact;
        }
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return property.Value;
            }
        }
        return null;
    }

    /// <summary>A member's text, or <see langword="null"/> where it is absent, empty or no text.</summary>
    public static string? TextOf(this JsonElement json, string name) =>
        json.Member(name) is { } value && NotifyJson.TryGetString(value, out var text) && text.Length > 0 ? text : null;

    /// <summary>A member's items; none where it is absent or no array.</summary>
    public static IEnumerable<JsonElement> ItemsOf(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray().AsEnumerable() : [];

    private static ReadOnlyMemory<byte> Repaired(ReadOnlyMemory<byte> body)
    {
        body = NotifyJson.WithoutMark(body);
        if (!Utf8.IsValid(body.Span))
        {
            body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.Span));
        }
        return LoneSurrogate(body.Span, from: 0) is { } first ? WithoutLoneSurrogates(body.ToArray(), first) : body;
    }

    private static byte[] WithoutLoneSurrogates(byte[] json, int first)
    {
        int? at = first;
        while (at is { } place)
        {
            "\\ufffd"u8.CopyTo(json.AsSpan(place));
            at = LoneSurrogate(json, place + EscapeLength);
        }
        return json;
    }

    // The place of the next escape of half a pair. In JSON a backslash stands in texts only, and escapes what follows.
    private static int? LoneSurrogate(ReadOnlySpan<byte> json, int from)
    {
        while (from < json.Length && json[from..].IndexOf((byte)'\\') is >= 0 and var next)
        {
            var at = from + next;
            from = at + 2;
            if (CodeUnit(json, at) is not { } unit)
            {
                continue;
            }
            from = at + EscapeLength;
            if (char.IsHighSurrogate(unit) && CodeUnit(json, from) is { } low && char.IsLowSurrogate(low))
            {
                from += EscapeLength;
            }
            else if (char.IsSurrogate(unit))
            {
                return at;
            }
        }
        return null;
    }

    private static char? CodeUnit(ReadOnlySpan<byte> json, int at) =>
        json.Length >= at + EscapeLength && json[at] == '\\' && json[at + 1] == 'u'
        && ushort.TryParse(json.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
