using System.Globalization;
using System.Text.Json;

namespace Notify.Functions.Events;

/// <summary>Reads the fields of one JSON object and gathers what is wrong with them.</summary>
internal sealed class EventFields(JsonElement root)
{
    public delegate bool EnumParser<T>(string? name, out T value);

    public List<EventFault> Faults { get; } = [];

    public void Fault(string field, string code, string detail) => Faults.Add(new EventFault(Short(field), code, detail));

    /// <summary>A field that is present and not null.</summary>
    public bool Has(string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public bool Required(string name, out JsonElement value)
    {
        if (root.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null)
        {
            return true;
        }
        Fault(name, "missing", $"'{name}' is required.");
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
        if (JsonText.TryGetString(root.GetProperty(name), out var text) && Addresses.IsId(text))
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
        if (JsonText.TryGetString(root.GetProperty(name), out var text) && text.Length > 0 && text.Length <= limit && !text.Any(char.IsControl))
        {
            return text;
        }
        Fault(name, "invalid", string.Create(CultureInfo.InvariantCulture, $"'{name}' is a text of 1–{limit} characters without control characters."));
        return null;
    }

    public T Enum<T>(string name, EnumParser<T> parse, string values) where T : struct
    {
        if (!Required(name, out var value))
        {
            return default;
        }
        if (JsonText.TryGetString(value, out var text) && parse(text, out var found))
        {
            return found;
        }
        Fault(name, "unknown", $"'{name}' is one of {values}.");
        return default;
    }

    public DateTimeOffset? Time(string name)
    {
        if (!Has(name))
        {
            return null;
        }
        if (JsonText.TryGetString(root.GetProperty(name), out var text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && root.GetProperty(name).TryGetDateTimeOffset(out _)
            && time.Year is >= 2000 and < 3000)
        {
            return WholeMilliseconds(time.ToUniversalTime());
        }
        Fault(name, "invalid", $"'{name}' is a time in ISO 8601 between the years 2000 and 2999, such as 2026-01-31T09:30:00Z.");
        return null;
    }

    public IEnumerable<(string Name, JsonElement Item)> Items(string name, int limit)
    {
        if (!Required(name, out var value))
        {
            yield break;
        }
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            Fault(name, "invalid", $"'{name}' is an array of at least one text.");
            yield break;
        }
        if (value.GetArrayLength() > limit)
        {
            Fault(name, "too_many", string.Create(CultureInfo.InvariantCulture, $"'{name}' has {value.GetArrayLength()} items; the limit is {limit}."));
            yield break;
        }
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"{name}[{index++}]"), item);
        }
    }

    public static DateTimeOffset WholeMilliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    // A field's name comes from outside: keep answers and logs small and printable.
    private static string Short(string name) => new(name.Where(c => !char.IsControl(c)).Take(64).ToArray());
}
