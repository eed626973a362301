using System.Text.Json;
using Notify.Functions.Contract;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>Looks members up whatever their case: documentation, SDKs and services differ in it (<c>Tag</c>, <c>deliveryAttemptTimeStamp</c>).</summary>
internal static class JsonMembers
{
    /// <summary>A member, or <see langword="null"/> where there is none, or no object to have one.</summary>
    public static JsonElement? Member(this JsonElement json, string name)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in json.EnumerateObject())
            {
                if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return property.Value;
                }
            }
        }
        return null;
    }

    /// <summary>A member's text, or <see langword="null"/> where it is absent, empty or no text.</summary>
    public static string? TextOf(this JsonElement json, string name) =>
        json.Member(name) is { } value && JsonText.TryGetString(value, out var text) && text.Length > 0 ? text : null;
}
