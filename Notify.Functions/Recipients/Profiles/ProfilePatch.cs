using System.Text.Json;
using System.Text.Json.Nodes;
using Notify.Functions.Contract;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>
/// A JSON Merge Patch (RFC 7396) of a profile: what it names is replaced, what it names as <c>null</c> is taken away, the rest stays.
/// </summary>
internal static class ProfilePatch
{
    /// <summary>The profile after the patch, or what is wrong with it. The patch is a JSON object.</summary>
    public static (RecipientProfile? Profile, IReadOnlyList<EventFault> Faults) Apply(RecipientProfile profile, JsonElement patch)
    {
        var target = JsonSerializer.SerializeToNode(profile, NotifyJson.Options)!.AsObject();
        if (!NotifyJson.IsText(patch))
        {
            return (null, [StrictJson.NotJson with { Detail = "A text is no Unicode." }]);
        }
        Merge(target, patch);
        using var merged = JsonDocument.Parse(target.ToJsonString(NotifyJson.Options));
        return ProfileReader.Read(profile.Tenant, profile.Id, merged.RootElement, before: profile);
    }

    private static void Merge(JsonObject target, JsonElement patch)
    {
        foreach (var property in patch.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null)
            {
                target.Remove(property.Name);
            }
            else if (property.Value.ValueKind == JsonValueKind.Object)
            {
                if (target[property.Name] is not JsonObject inner)
                {
                    target[property.Name] = inner = [];
                }
                Merge(inner, property.Value);
            }
            else
            {
                target[property.Name] = JsonNode.Parse(property.Value.GetRawText());
            }
        }
    }
}
