using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>The versions that are read, side by side, and the choice between them.</summary>
internal static class EventVersions
{
    private static readonly Dictionary<string, Func<JsonElement, EventDefaults, EventReading>> Readers = new(StringComparer.Ordinal)
    {
        [EventV1Reader.Version] = EventV1Reader.Read,
        [EventV2Reader.Version] = EventV2Reader.Read,
    };

    /// <summary>The names of all versions, oldest first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Readers.Keys];

    /// <summary>Reads a body by the reader of its version.</summary>
    /// <param name="root">The body, an object.</param>
    /// <param name="defaults">What stands in for missing fields.</param>
    /// <param name="stated">The versions stated outside the body. They must agree with each other and with the body.</param>
    public static EventReading Read(JsonElement root, EventDefaults defaults, IReadOnlyList<StatedVersion> stated)
    {
        string? own = null;
        if (root.TryGetProperty("schemaVersion", out var field) && (!NotifyJson.TryGetString(field, out own) || !Readers.ContainsKey(own)))
        {
            return Refuse("schemaVersion", own);
        }
        foreach (var one in stated)
        {
            if (!Readers.ContainsKey(one.Version))
            {
                return Refuse(one.Where, one.Version);
            }
            if (!string.Equals(own ??= one.Version, one.Version, StringComparison.Ordinal))
            {
                return new(Event: null, [new EventFault("schemaVersion", "conflict",
                    $"'{one.Where}' says {one.Version}, but {own} is said elsewhere.")]);
            }
        }
        return Readers[own ?? EventV1Reader.Version](root, defaults);
    }

    private static EventReading Refuse(string where, string? version)
    {
        // Anything else may be what the producer meant for another field.
        var quoted = version is { Length: <= 32 } && version.StartsWith("event.", StringComparison.Ordinal)
            && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.')
            ? $", not '{version}'"
            : string.Empty;
        return new(Event: null, [new EventFault(where, "unknown", $"The schema version must be {string.Join(" or ", Names)}{quoted}.")]);
    }
}
