using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Notify.Sandbox.Common;

/// <summary>How the sandbox's own endpoints (not the providers' dialects) write and read JSON.</summary>
internal static class SandboxJson
{
    /// <summary>camelCase, enums as camelCase names, and text as it is (a Cyrillic body must not triple).</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };
}
