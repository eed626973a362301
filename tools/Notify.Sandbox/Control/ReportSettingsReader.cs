using System.Text.Json;
using Notify.Sandbox.AzureCommunication;
using Notify.Sandbox.Reports;
using Notify.Sandbox.SendGrid;
using Notify.Sandbox.Twilio;

namespace Notify.Sandbox.Control;

/// <summary>Reads what is put to <c>/sandbox/webhooks</c>: what is absent stays as it is.</summary>
internal sealed class ReportSettingsReader
{
    /// <summary>Enough for a test, and no flood.</summary>
    private const int MostDuplicates = 20;

    private static readonly string[] Kinds = [.. EventKinds.All.Concat(StatusKinds.All).Concat(AcsReportKinds.All).Distinct()];

    private readonly ControlFields _fields = new();

    /// <summary>What is wrong, by where it stands.</summary>
    public IDictionary<string, string[]> Mistakes => _fields.Mistakes;

    /// <summary>The settings as they stand, changed by what is put.</summary>
    public ReportSettings Read(JsonElement json, ReportSettings current)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            _fields.Mistake("", "Must be an object.");
            return current;
        }
        foreach (var (name, value) in json.EnumerateObject().Select(p => (p.Name, p.Value)))
        {
            current = name switch
            {
                "enabled" => current with { Enabled = _fields.Flag(name, value) },
                "duplicates" => current with { Duplicates = (int)(_fields.Whole(name, value, 0, MostDuplicates) ?? 0) },
                "outOfOrder" => current with { OutOfOrder = _fields.Flag(name, value) },
                "delayMs" => current with { Delay = _fields.Milliseconds(name, value, minimum: 0) },
                "only" => current with { Only = ReadKinds(value) },
                "callbackBase" => current with { CallbackBase = Address(value) },
                _ => Unknown(current, name),
            };
        }
        return current;
    }

    private List<string> ReadKinds(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            return [.. value.EnumerateArray().Select(kind => _fields.OneOf("only", kind, Kinds))];
        }
        _fields.Mistake("only", "Must be an array of names of reports.");
        return [];
    }

    private string? Address(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        if (value.ValueKind == JsonValueKind.String && Uri.TryCreate(value.GetString(), UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https")
        {
            return value.GetString()!.TrimEnd('/');
        }
        _fields.Mistake("callbackBase", "Must be an absolute http or https URL.");
        return null;
    }

    private ReportSettings Unknown(ReportSettings current, string name)
    {
        _fields.Mistake(name, "Is not known.");
        return current;
    }
}
