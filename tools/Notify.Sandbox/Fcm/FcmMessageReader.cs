using System.Globalization;
using System.Text.Json;
using Notify.Sandbox.Common;
using Notify.Sandbox.Gate;

namespace Notify.Sandbox.Fcm;

/// <summary>
/// Reads a body as strictly as the API's own JSON reader: unknown fields and wrong types are refused, with the field named.
/// </summary>
internal static class FcmMessageReader
{
    /// <summary>The message, or the answer to a body that holds none.</summary>
    public static (FcmMessage? Message, ProviderAnswer? Refusal) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonBody.Parse(body);
            var message = new FcmMessage();
            var refusal = ReadBody(json.RootElement, message);
            return refusal is null ? (message, null) : (null, refusal);
        }
        catch (JsonException)
        {
            return (null, FcmErrors.BadField("", "Invalid JSON payload received. Unexpected token."));
        }
    }

    private static ProviderAnswer? ReadBody(JsonElement body, FcmMessage message)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return FcmErrors.BadField("", "Invalid JSON payload received. The body is not an object.");
        }
        JsonElement? inner = null;
        foreach (var field in body.EnumerateObject())
        {
            var name = Camel(field.Name);
            if (!FcmSchema.Body.Contains(name))
            {
                return Unknown(field.Name, "");
            }
            if (name == "message")
            {
                inner = field.Value;
            }
            else if (field.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            {
                message.ValidateOnly = field.Value.GetBoolean();
            }
            else
            {
                return WrongType(field.Name, "TYPE_BOOL", field.Value);
            }
        }
        return inner is { ValueKind: JsonValueKind.Object } found
            ? ReadObject(found, "", FcmSchema.Message, message)
            : FcmErrors.BadMessage("message", "Message is required.");
    }

    private static ProviderAnswer? ReadObject(JsonElement json, string path, IReadOnlySet<string> fields, FcmMessage message)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return WrongType("message." + path, "TYPE_MESSAGE", json);
        }
        foreach (var field in json.EnumerateObject())
        {
            var name = Camel(field.Name);
            if (!fields.Contains(name))
            {
                return Unknown(field.Name, path);
            }
            var inner = path.Length == 0 ? name : $"{path}.{name}";
            if (ReadValue(field.Value, inner, message) is { } refusal)
            {
                return refusal;
            }
        }
        return null;
    }

    private static ProviderAnswer? ReadValue(JsonElement value, string path, FcmMessage message)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        if (FcmSchema.Objects.TryGetValue(path, out var fields))
        {
            return ReadObject(value, path, fields, message);
        }
        if (FcmSchema.StringMaps.Contains(path))
        {
            return ReadMap(value, path, message);
        }
        if (FcmSchema.Strings.Contains(path) && value.ValueKind != JsonValueKind.String)
        {
            return WrongType("message." + path, "TYPE_STRING", value);
        }
        message.Values[path] = value.Clone();
        return null;
    }

    private static ProviderAnswer? ReadMap(JsonElement json, string path, FcmMessage message)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return WrongType("message." + path, "TYPE_MESSAGE", json);
        }
        var map = message.Maps[path] = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in json.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.String)
            {
                return WrongType(string.Create(CultureInfo.InvariantCulture, $"message.{path}[{map.Count}].value"), "TYPE_STRING",
                    entry.Value);
            }
            map[entry.Name] = entry.Value.GetString()!;
        }
        return null;
    }

    private static ProviderAnswer Unknown(string name, string path)
    {
        var at = path.Length == 0 ? "" : $" at 'message.{path}'";
        return FcmErrors.BadField(path.Length == 0 ? "" : "message." + path,
            $"Invalid JSON payload received. Unknown name \"{name}\"{at}: Cannot find field.");
    }

    /// <summary>Worded as in the API's documentation: <c>Invalid value at 'message.data[0].value' (TYPE_STRING), 12</c>.</summary>
    private static ProviderAnswer WrongType(string path, string type, JsonElement value) =>
        FcmErrors.BadField(path, $"Invalid value at '{path}' ({type}), {value.GetRawText()}");

    private static string Camel(string name) => string.Concat(
        name.Split('_').Select((part, i) => i == 0 || part.Length == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));
}
