using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Notify.Functions.Tests.Events;

/// <summary>
/// Validates by JSON Schema 2020-12, as far as the contract's schemas use it. A keyword that it does not know is an error: it would be
/// taken for granted.
/// </summary>
internal sealed class JsonSchema(JsonElement root)
{
    private static readonly string[] Annotations = ["$schema", "$id", "$defs", "title", "description"];

    public static JsonSchema Read(string version) => new(JsonDocument.Parse(RepositoryRoot.Read("docs", "schemas", version + ".json")).RootElement);

    public JsonElement Root => root;

    public bool IsValid(JsonElement value) => Holds(root, value);

    private bool Holds(JsonElement schema, JsonElement value) => schema.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => schema.EnumerateObject().Where(keyword => !Annotations.Contains(keyword.Name, StringComparer.Ordinal)).All(keyword => Holds(keyword, schema, value)),
    };

    private bool Holds(JsonProperty keyword, JsonElement schema, JsonElement value)
    {
        var rule = keyword.Value;
        return keyword.Name switch
        {
            "$ref" => Holds(Resolve(rule.GetString()!), value),
            "anyOf" => rule.EnumerateArray().Any(one => Holds(one, value)),
            "oneOf" => rule.EnumerateArray().Count(one => Holds(one, value)) == 1,
            "type" => rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray().Any(one => IsOfType(one.GetString()!, value)) : IsOfType(rule.GetString()!, value),
            "enum" => rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
            "const" => JsonElement.DeepEquals(rule, value),
            "required" => !IsObject(value) || rule.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
            "properties" => !IsObject(value) || rule.EnumerateObject().All(one => !value.TryGetProperty(one.Name, out var field) || Holds(one.Value, field)),
            "additionalProperties" => !IsObject(value) || value.EnumerateObject().Where(field => !IsNamed(schema, field.Name)).All(field => Holds(rule, field.Value)),
            "items" => !IsArray(value) || value.EnumerateArray().All(item => Holds(rule, item)),
            "minItems" => !IsArray(value) || value.GetArrayLength() >= rule.GetInt32(),
            "maxItems" => !IsArray(value) || value.GetArrayLength() <= rule.GetInt32(),
            "minLength" => !IsString(value) || Length(value) >= rule.GetInt32(),
            "maxLength" => !IsString(value) || Length(value) <= rule.GetInt32(),
            "pattern" => !IsString(value) || Regex.IsMatch(value.GetString()!, Ecma(rule.GetString()!), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5)),
            "format" => !IsString(value) || IsDateTime(rule.GetString()!, value.GetString()!),
            _ => throw new NotSupportedException($"The keyword '{keyword.Name}' is not known here."),
        };
    }

    private JsonElement Resolve(string reference) =>
        reference.StartsWith("#/$defs/", StringComparison.Ordinal) ? root.GetProperty("$defs").GetProperty(reference["#/$defs/".Length..])
        : throw new NotSupportedException("References lead into $defs.");

    private static bool IsOfType(string type, JsonElement value) => type switch
    {
        "object" => IsObject(value),
        "array" => IsArray(value),
        "string" => IsString(value),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException(type),
    };

    private static bool IsNamed(JsonElement schema, string name) => schema.TryGetProperty("properties", out var named) && named.TryGetProperty(name, out _);

    private static bool IsObject(JsonElement value) => value.ValueKind == JsonValueKind.Object;

    private static bool IsArray(JsonElement value) => value.ValueKind == JsonValueKind.Array;

    private static bool IsString(JsonElement value) => value.ValueKind == JsonValueKind.String;

    // JSON Schema counts characters, not UTF-16 code units.
    private static int Length(JsonElement value) => value.GetString()!.EnumerateRunes().Count();

    // In ECMA-262 a $ is only the very end.
    private static string Ecma(string pattern) => Regex.Replace(pattern, @"(?<!\\)\$", @"\z", RegexOptions.None, TimeSpan.FromSeconds(5));

    private static bool IsDateTime(string format, string text) => format is "date-time"
        ? text.Length >= 20 && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        : throw new NotSupportedException(format);
}
