using System.Globalization;
using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.QuietHours;

namespace Notify.Functions.Recipients.Preferences;

/// <summary>Reads choices as the API takes them, and says everything that is wrong with them.</summary>
internal sealed class PreferenceReader
{
    /// <summary>The body's size in bytes.</summary>
    public const int MaxBytes = 32 * 1024;

    private const int Depth = 4;
    private const int MostChoices = 250;
    private static readonly string[] Fields = ["all", "channels", "categories", "topics", "quietHours", "required"];

    private readonly List<EventFault> _faults = [];
    private readonly Dictionary<string, bool> _wanted = new(StringComparer.Ordinal);
    private readonly IReadOnlyCollection<string> _required;
    private IReadOnlyList<QuietWindow> _quietHours = [];

    private PreferenceReader(IReadOnlyCollection<string> required) => _required = required;

    /// <summary>Whether each choice is wanted, by <see cref="PreferenceKeys"/>, and the quiet hours; or what is wrong.</summary>
    /// <param name="body">The body.</param>
    /// <param name="required">The categories that cannot be refused.</param>
    public static (IReadOnlyDictionary<string, bool> Wanted, IReadOnlyList<QuietWindow> QuietHours, IReadOnlyList<EventFault> Faults) Read(
        ReadOnlyMemory<byte> body, IReadOnlyCollection<string> required)
    {
        using var document = StrictJson.Parse(body, Depth, out var fault);
        var reader = new PreferenceReader(required);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object)
        {
            reader._faults.Add(fault ?? new EventFault("$", "invalid", "The body is a JSON object."));
        }
        else
        {
            reader.Read(document.RootElement);
        }
        return (reader._wanted, reader._quietHours, reader._faults);
    }

    private void Read(JsonElement root)
    {
        var fields = new EventFields(root, faults: _faults);
        fields.RefuseUnknown(Fields, "preferences");
        if (fields.Has("all"))
        {
            Choose("all", PreferenceKeys.All, root.GetProperty("all"));
        }
        foreach (var (name, value) in Members(fields, root, "channels"))
        {
            if (ContractNames.TryParse(name, out Channel channel))
            {
                Choose("channels." + name, PreferenceKeys.For(channel), value);
            }
            else
            {
                _faults.Add(new EventFault("channels", "unknown", "A channel is one of email, sms, push, in_app."));
            }
        }
        foreach (var (name, value) in Members(fields, root, "categories"))
        {
            Category(name, value);
        }
        foreach (var (name, value) in Members(fields, root, "topics"))
        {
            Choose("topics." + name, PreferenceKeys.OfTopic(name), value);
        }
        if (fields.Has("quietHours"))
        {
            _quietHours = QuietHoursReader.Read("quietHours", root.GetProperty("quietHours"), _faults);
        }
        if (_wanted.Count > MostChoices)
        {
            _faults.Add(new EventFault("$", "too_many",
                string.Create(CultureInfo.InvariantCulture, $"There are {_wanted.Count} choices; the limit is {MostChoices}.")));
        }
    }

    private void Category(string name, JsonElement value)
    {
        var field = "categories." + name;
        var before = _wanted.Count(choice => !choice.Value);
        if (value.ValueKind != JsonValueKind.Object)
        {
            Choose(field, PreferenceKeys.OfCategory(name), value);
        }
        else
        {
            foreach (var property in value.EnumerateObject())
            {
                var inner = NotifyJson.NameOf(property);
                if (inner == "all")
                {
                    Choose(field + ".all", PreferenceKeys.OfCategory(name), property.Value);
                }
                else if (ContractNames.TryParse(inner, out Channel channel))
                {
                    Choose($"{field}.{inner}", PreferenceKeys.OfCategory(name, channel), property.Value);
                }
                else
                {
                    _faults.Add(new EventFault(field, "unknown", "A category has 'all' and the channels email, sms, push, in_app."));
                }
            }
        }
        if (_wanted.Count(choice => !choice.Value) > before && _required.Contains(name, StringComparer.Ordinal))
        {
            _faults.Add(new EventFault(field, "conflict", "This category is required; nobody can opt out of it."));
        }
    }

    private void Choose(string field, string key, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            _wanted[key] = value.GetBoolean();
        }
        else
        {
            _faults.Add(new EventFault(field, "invalid",
                "A choice is true (wanted) or false (not wanted); leave out what nothing is chosen about."));
        }
    }

    private IEnumerable<(string Name, JsonElement Value)> Members(EventFields fields, JsonElement root, string name)
    {
        if (!fields.Object(name, required: false, out var members))
        {
            yield break;
        }
        foreach (var property in members.EnumerateObject())
        {
            if (NotifyJson.NameOf(property) is { } member && AddressSyntax.IsId(member))
            {
                yield return (member, property.Value);
            }
            else
            {
                _faults.Add(new EventFault(name, "invalid",
                    $"The names in '{name}' are 1–{EventLimits.IdLength} characters of A–Z a–z 0–9 . _ : @ + -"));
            }
        }
    }
}
