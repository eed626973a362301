using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Sending.DeadLetters;

namespace Notify.Functions.Recovery;

/// <summary>Which dead letters to send again: by their ids, or all of a cause.</summary>
/// <param name="Ids">The ids.</param>
/// <param name="Cause">The cause.</param>
/// <param name="Preview">Whether to say only what would be sent again.</param>
internal sealed record RedriveRequest(IReadOnlyList<string>? Ids, string? Cause, bool Preview)
{
    private const int Depth = 2;

    /// <summary>Reads the body <c>{ "ids": […] | "cause": "…", "preview": false }</c>, and says everything that is wrong with it.</summary>
    public static (RedriveRequest Request, IReadOnlyList<EventFault> Faults) Read(ReadOnlyMemory<byte> body)
    {
        var faults = new List<EventFault>();
        using var document = StrictJson.Parse(body, Depth, out var fault);
        if (document is { RootElement: { ValueKind: JsonValueKind.Object } root })
        {
            return (Read(root, faults), faults);
        }
        faults.Add(fault ?? new EventFault("$", "invalid", "The body is a JSON object."));
        return (new RedriveRequest(null, null, Preview: false), faults);
    }

    private static RedriveRequest Read(JsonElement root, List<EventFault> faults)
    {
        List<string>? ids = null;
        string? cause = null;
        var preview = false;
        foreach (var property in root.EnumerateObject())
        {
            switch (property.Name, property.Value.ValueKind)
            {
                case ("ids", JsonValueKind.Array):
                    ids = [.. property.Value.EnumerateArray().Select(one => NotifyJson.TryGetString(one, out var id) ? id : null)
                        .OfType<string>()];
                    if (ids.Count != property.Value.GetArrayLength() || ids.Exists(id => DeadLetter.PartitionOf(id) is null))
                    {
                        faults.Add(new EventFault("ids", "invalid", "Use ids from the list of dead letters."));
                    }
                    if (ids.Count is 0 or > DeadLetterRedrive.MostAtOnce)
                    {
                        faults.Add(new EventFault("ids", "too_many", $"1–{DeadLetterRedrive.MostAtOnce} ids at a time."));
                    }
                    break;
                case ("cause", JsonValueKind.String):
                    if (!NotifyJson.TryGetString(property.Value, out cause))
                    {
                        faults.Add(new EventFault("cause", "invalid", "'cause' holds text that is not valid Unicode."));
                    }
                    break;
                case ("preview", JsonValueKind.True or JsonValueKind.False):
                    preview = property.Value.GetBoolean();
                    break;
                default:
                    faults.Add(new EventFault("$", "unknown",
                        "The body has ids (an array of texts) or cause (a text), and preview (true or false)."));
                    break;
            }
        }
        if (faults.Count == 0 && ids is null == cause is null)
        {
            faults.Add(new EventFault("ids", "missing", "Give either ids or a cause."));
        }
        return new RedriveRequest(ids, cause, preview);
    }
}
