using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>What a plain payload says without a template: <c>title</c>, <c>message</c>, <c>url</c>, <c>html</c>, <c>data</c>.</summary>
internal static class PayloadContent
{
    // RFC 5322 section 2.1.1: a header line should not be longer than 78 characters.
    private const int TitleFromText = 78;

    /// <summary>
    /// Whether the conventional fields that are there have the right kind, and, without a template, title or message says something.
    /// </summary>
    public static bool IsUsable(JsonElement payload, bool hasTemplate) =>
        IsTextOrAbsent(payload, "title") && IsTextOrAbsent(payload, "message") && IsTextOrAbsent(payload, "url")
        && IsTextOrAbsent(payload, "html")
        && (hasTemplate || (Text(payload, "title") ?? Text(payload, "message")) is not null)
        && (!payload.TryGetProperty("data", out var data) || IsData(data));

    /// <summary>
    /// Reports each of <c>url</c> and <c>html</c> of a payload that <see cref="IsUsable"/> that leads where links may not.
    /// </summary>
    public static void CheckLinks(JsonElement payload, Action<string, string> fault)
    {
        if (Text(payload, "url") is { } url && !Links.IsAllowed(url))
        {
            fault("url", $"'url' has a scheme that is not let through: {string.Join(", ", Links.Refused)}.");
        }
        if (Text(payload, "html") is { } html && !HtmlLinks.AreAllowed(html))
        {
            fault("html", $"'html' has a link of a scheme that is not let through: {string.Join(", ", Links.Refused)}.");
        }
    }

    /// <summary>The content of a payload that <see cref="IsUsable"/> without a template.</summary>
    public static MessageContent Read(JsonElement payload)
    {
        var title = Text(payload, "title");
        var text = Text(payload, "message") ?? title!;
        return FromPayload(payload, title ?? FirstLine(text), text, Text(payload, "html"));
    }

    /// <summary>These words, with the payload's <c>url</c> and <c>data</c>.</summary>
    public static MessageContent FromPayload(JsonElement payload, string title, string text, string? html) => new(title, text)
    {
        Html = html,
        Url = Text(payload, "url"),
        Data = payload.TryGetProperty("data", out var data)
            ? data.EnumerateObject().ToDictionary(p => p.Name, p => NotifyJson.TextOf(p.Value), StringComparer.Ordinal)
            : [],
    };

    private static bool IsTextOrAbsent(JsonElement payload, string name) =>
        !payload.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.String or JsonValueKind.Null;

    internal static bool IsData(JsonElement data) =>
        data.ValueKind == JsonValueKind.Object
        && data.EnumerateObject().All(p => p.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True
            or JsonValueKind.False);

    private static string? Text(JsonElement payload, string name) =>
        payload.TryGetProperty(name, out var value) && NotifyJson.TryGetString(value, out var text) && !string.IsNullOrWhiteSpace(text)
            ? text
            : null;

    /// <summary>The first line of a text, shortened to what a title takes.</summary>
    internal static string FirstLine(string text)
    {
        var line = text.TrimStart().Split('\n', 2)[0].Trim();
        if (line.Length <= TitleFromText)
        {
            return line;
        }
        var end = char.IsHighSurrogate(line[TitleFromText - 2]) ? TitleFromText - 2 : TitleFromText - 1;
        return string.Concat(line.AsSpan(0, end), "…");
    }
}
