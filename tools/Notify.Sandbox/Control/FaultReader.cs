using System.Text.Json;
using Notify.Sandbox.Common;
using Notify.Sandbox.Faults;

namespace Notify.Sandbox.Control;

/// <summary>Reads faults from JSON and names every mistake in them.</summary>
internal sealed class FaultReader
{
    private static readonly string[] Providers = [.. ProviderNames.All, ProviderNames.Any];
    private static readonly Dictionary<string, FaultMode> Modes =
        Enum.GetValues<FaultMode>().ToDictionary(m => JsonNamingPolicy.CamelCase.ConvertName(m.ToString()), StringComparer.Ordinal);

    private readonly ControlFields _fields = new();

    /// <summary>What is wrong, by where it stands.</summary>
    public IDictionary<string, string[]> Mistakes => _fields.Mistakes;

    /// <summary>Reads one object, or an array of them.</summary>
    public IReadOnlyList<Fault> Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            return [ReadOne(json)];
        }
        var faults = new List<Fault>();
        foreach (var item in json.EnumerateArray())
        {
            _fields.Path = $"[{faults.Count}].";
            faults.Add(ReadOne(item));
        }
        return faults;
    }

    private Fault ReadOne(JsonElement json)
    {
        var fault = new Fault(ProviderNames.Any, FaultMode.Error);
        if (json.ValueKind != JsonValueKind.Object)
        {
            _fields.Mistake("", "Must be an object.");
            return fault;
        }
        foreach (var (name, value) in json.EnumerateObject().Select(p => (p.Name, p.Value)))
        {
            fault = name switch
            {
                "provider" => fault with { Provider = _fields.OneOf(name, value, Providers) },
                "mode" => fault with { Mode = Modes.GetValueOrDefault(_fields.OneOf(name, value, Modes.Keys)) },
                "status" => fault with { Status = (int?)_fields.Whole(name, value, 400, 599) },
                "probability" => fault with { Probability = Probability(value) },
                "delayMs" => fault with { Delay = _fields.Milliseconds(name, value, minimum: 1) },
                "count" => fault with { Count = _fields.Whole(name, value, 1, long.MaxValue) },
                "durationMs" => fault with { Duration = _fields.Milliseconds(name, value, minimum: 1) },
                "seed" => fault with { Seed = (int?)_fields.Whole(name, value, int.MinValue, int.MaxValue) },
                _ => Unknown(fault, name),
            };
        }
        CheckTogether(json, fault);
        return fault;
    }

    private void CheckTogether(JsonElement json, Fault fault)
    {
        foreach (var required in new[] { "provider", "mode" })
        {
            if (!json.TryGetProperty(required, out _))
            {
                _fields.Mistake(required, "Is required.");
            }
        }
        if (fault.Mode == FaultMode.Slow && fault.Delay == TimeSpan.Zero)
        {
            _fields.Mistake("delayMs", "Is required with the mode slow.");
        }
        if (fault.Status is { } status && (fault.Mode, status) is not ((FaultMode.Error, >= 500) or (FaultMode.Reject, < 500)))
        {
            _fields.Mistake("status", "Goes with the mode error (500-599) or reject (400-499).");
        }
    }

    private double Probability(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number is > 0 and <= 1)
        {
            return number;
        }
        _fields.Mistake("probability", "Must be a number above 0, up to 1.");
        return 1;
    }

    private Fault Unknown(Fault fault, string name)
    {
        _fields.Mistake(name, "Is not known.");
        return fault;
    }
}
