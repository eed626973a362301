using System.Text.Json;

namespace Notify.Sandbox.Fcm;

/// <summary>A message as it was read: every value by its path in camelCase, and the strings of <c>data</c>.</summary>
internal sealed class FcmMessage
{
    /// <summary>Values by path, such as <c>android.ttl</c>.</summary>
    public Dictionary<string, JsonElement> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The maps of strings by path, such as <c>data</c>.</summary>
    public Dictionary<string, Dictionary<string, string>> Maps { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether nothing is to be sent.</summary>
    public bool ValidateOnly { get; set; }

    public string? Text(string path) => Values.TryGetValue(path, out var value) ? value.GetString() : null;

    public IReadOnlyDictionary<string, string> Data => Maps.GetValueOrDefault("data") ?? [];
}
