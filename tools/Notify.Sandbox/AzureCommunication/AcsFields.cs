using System.Text.Json;

namespace Notify.Sandbox.AzureCommunication;

/// <summary>Reads the fields of a request, and remembers the first thing that is wrong, as the service answers with one.</summary>
internal sealed class AcsFields
{
    /// <summary>What is wrong.</summary>
    public string? Fault { get; private set; }

    public void Wrong(string fault) => Fault ??= fault;

    /// <summary>An object's member of a kind; an absent one that must be there is wrong, and so is another kind.</summary>
    public JsonElement? Member(JsonElement json, string name, JsonValueKind kind, bool required = true)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            if (required)
            {
                Wrong($"The field {name} is required.");
            }
            return null;
        }
        if (value.ValueKind == kind)
        {
            return value;
        }
        Wrong($"The field {name} has a wrong type.");
        return null;
    }

    public string? Text(JsonElement json, string name, bool required = true) =>
        Member(json, name, JsonValueKind.String, required)?.GetString();

    /// <summary>What an object must not have is wrong.</summary>
    public void Only(JsonElement json, params string[] names)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return;
        }
        foreach (var member in json.EnumerateObject().Where(member => !names.Contains(member.Name)))
        {
            Wrong($"The field {member.Name} is not known.");
        }
    }
}
