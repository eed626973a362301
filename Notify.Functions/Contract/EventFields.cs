using System.Globalization;
using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>Reads the fields of one JSON object and gathers what is wrong with them.</summary>
/// <param name="root">The object.</param>
/// <param name="path">What stands before its fields' names in faults, such as <c>content.</c></param>
/// <param name="faults">The list to gather faults in; a new one where none is given.</param>
internal sealed class EventFields(JsonElement root, string path = "", List<EventFault>? faults = null)
{
    public delegate bool EnumParser<T>(string? name, out T value);

    public List<EventFault> Faults { get; } = faults ?? [];

    public void Fault(string field, string code, string detail) => Faults.Add(new EventFault(path + field, code, detail));

    /// <summary>A field that is present and not null.</summary>
    public bool Has(string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A fault for every field that is none of the known ones. A name that could be anything but a name is not repeated.</summary>
    public void RefuseUnknown(IReadOnlyCollection<string> known, string what)
    {
        foreach (var property in root.EnumerateObject())
        {
            var name = NotifyJson.NameOf(property);
            if (name is null || !known.Contains(name, StringComparer.Ordinal))
            {
                Fault(IsPlain(name) ? name! : "?", "unknown", $"There is no such field in {what}.");
            }
        }
    }

    public bool Required(string name, out JsonElement value)
    {
        if (root.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null)
        {
            return true;
        }
        Fault(name, "missing", $"'{name}' is required.");
        return false;
    }

    /// <summary>A field that, where it is there, is an object.</summary>
    public bool Object(string name, bool required, out JsonElement value)
    {
        if (!(required ? Required(name, out value) : root.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null))
        {
            return false;
        }
        if (value.ValueKind == JsonValueKind.Object)
        {
            return true;
        }
        Fault(name, "invalid", $"'{name}' must be a JSON object.");
        return false;
    }

    public string? Id(string name, string? fallback, bool required)
    {
        if (!Has(name))
        {
            if (required && fallback is null)
            {
                Fault(name, "missing", $"'{name}' is required.");
            }
            return fallback;
        }
        if (NotifyJson.TryGetString(root.GetProperty(name), out var text) && AddressSyntax.IsId(text))
        {
            return text;
        }
        Fault(name, "invalid", $"'{name}' is 1–{EventLimits.IdLength} characters of A–Z a–z 0–9 . _ : @ + -");
        return null;
    }

    public string? Text(string name, int limit)
    {
        if (!Has(name))
        {
            return null;
        }
        if (NotifyJson.TryGetString(root.GetProperty(name), out var text) && text.Length > 0 && text.Length <= limit
            && !text.Any(char.IsControl))
        {
            return text;
        }
        Fault(name, "invalid", string.Create(CultureInfo.InvariantCulture,
            $"'{name}' is a text of 1–{limit} characters without control characters."));
        return null;
    }

    public T Enum<T>(string name, EnumParser<T> parse, string values) where T : struct
    {
        if (!Required(name, out var value))
        {
            return default;
        }
        if (NotifyJson.TryGetString(value, out var text) && parse(text, out var found))
        {
            return found;
        }
        Fault(name, "unknown", $"'{name}' is one of {values}.");
        return default;
    }

    public IEnumerable<(string Name, JsonElement Item)> Items(string name, int limit)
    {
        if (!Required(name, out var value))
        {
            yield break;
        }
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            Fault(name, "invalid", $"'{name}' is an array of at least one item.");
            yield break;
        }
        if (value.GetArrayLength() > limit)
        {
            Fault(name, "too_many", string.Create(CultureInfo.InvariantCulture,
                $"'{name}' has {value.GetArrayLength()} items; the limit is {limit}."));
            yield break;
        }
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"{name}[{index++}]"), item);
        }
    }

    // A field's name comes from outside and may be an address or a text where a producer has built its JSON wrongly.
    private static bool IsPlain(string? name) =>
        name is { Length: > 0 and <= 64 } && !char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '$');
}
