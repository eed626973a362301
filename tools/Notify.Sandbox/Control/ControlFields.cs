using System.Text.Json;

namespace Notify.Sandbox.Control;

/// <summary>Reads the fields of what is put to the sandbox's own endpoints, and gathers every mistake under its field's name.</summary>
internal sealed class ControlFields
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Dictionary<string, string[]> _mistakes = new(StringComparer.Ordinal);

    /// <summary>What is wrong, by where it stands.</summary>
    public IDictionary<string, string[]> Mistakes => _mistakes;

    /// <summary>Stands before the names of fields, such as <c>[2].</c>.</summary>
    public string Path { get; set; } = "";

    public void Mistake(string name, string text) => _mistakes[(Path + name).TrimEnd('.')] = [text];

    public long? Whole(string name, JsonElement value, long minimum, long maximum)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= minimum && number <= maximum)
        {
            return number;
        }
        Mistake(name, maximum == long.MaxValue
            ? $"Must be a whole number from {minimum}." : $"Must be a whole number from {minimum} to {maximum}.");
        return null;
    }

    /// <summary>A number of milliseconds, at most a day.</summary>
    public TimeSpan Milliseconds(string name, JsonElement value, long minimum) =>
        TimeSpan.FromMilliseconds(Whole(name, value, minimum, (long)Longest.TotalMilliseconds) ?? minimum);

    public bool Flag(string name, JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Mistake(name, "Must be true or false.");
        }
        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>One of a list of names.</summary>
    public string OneOf(string name, JsonElement value, IReadOnlyCollection<string> names)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (!names.Contains(text))
        {
            Mistake(name, $"Must be one of {string.Join(", ", names)}.");
        }
        return text;
    }
}
