using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Templates;

/// <summary>
/// What templates can refer to: the payload's fields, and the recipient. A field that is <c>null</c> is a field left out.
/// </summary>
internal static class TemplateVariables
{
    /// <summary>The variable that holds the recipient.</summary>
    public const string Recipient = "recipient";

    /// <summary>The payload's fields.</summary>
    public static Dictionary<string, object?> From(JsonElement payload) => Fields(payload);

    /// <summary>The fields and the recipient.</summary>
    public static Dictionary<string, object?> With(IReadOnlyDictionary<string, object?> fields, RecipientProfile recipient)
    {
        var about = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["id"] = recipient.Id,
            ["attributes"] = recipient.Attributes.ToDictionary(one => one.Key, one => (object?)one.Value, StringComparer.Ordinal),
        };
        if (recipient.Locale is { } locale)
        {
            about["locale"] = locale;
        }
        if (recipient.TimeZone is { } zone)
        {
            about["timeZone"] = zone;
        }
        return new Dictionary<string, object?>(fields, StringComparer.Ordinal) { [Recipient] = about };
    }

    private static Dictionary<string, object?> Fields(JsonElement value) =>
        value.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null)
            .ToDictionary(field => field.Name, field => Value(field.Value), StringComparer.Ordinal);

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Fields(value),
        JsonValueKind.Array => value.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.String => NotifyJson.TryGetString(value, out var text) ? text : null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        // 19.90 stays 19.90; what is too large to count with is shown as it came.
        JsonValueKind.Number => value.TryGetDecimal(out var number) ? number : value.GetRawText(),
        _ => null,
    };
}
