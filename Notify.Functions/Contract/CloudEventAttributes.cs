using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>The attributes of a CloudEvent that the contract reads; other attributes and extensions are the producer's own.</summary>
internal sealed class CloudEventAttributes
{
    private const string Supported = "1.0";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private CloudEventAttributes(List<EventFault> faults) => Faults = faults;

    /// <summary>Every attribute that is read.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["specversion", "id", "source", "type", "time", "dataschema", "datacontenttype", "traceparent"];

    public List<EventFault> Faults { get; }

    public string? Id => _values.GetValueOrDefault("id");

    public string? Source => _values.GetValueOrDefault("source");

    public string? Type => _values.GetValueOrDefault("type");

    public string? DataSchema => _values.GetValueOrDefault("dataschema");

    public string? TraceParent => _values.GetValueOrDefault("traceparent");

    public DateTimeOffset? Time { get; private set; }

    /// <summary>From a structured event.</summary>
    public static CloudEventAttributes From(JsonElement root) => Read(name =>
        !root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? (false, null)
        : NotifyJson.TryGetString(value, out var text) ? (true, text)
        : (true, null));

    /// <summary>From a record's headers; what <c>content-type</c> says is the data's content type.</summary>
    public static CloudEventAttributes From(EventHeaders headers) => Read(name =>
        name is "datacontenttype" ? (headers.MediaType is not null, headers.MediaType)
        : headers.TryGetAttribute(name, out var value) ? (true, value)
        : (false, null));

    private static CloudEventAttributes Read(Func<string, (bool IsThere, string? Value)> find)
    {
        var attributes = new CloudEventAttributes([]);
        foreach (var name in Names)
        {
            var (isThere, value) = find(name);
            if (!isThere)
            {
                if (name is "specversion" or "id" or "source" or "type")
                {
                    attributes.Fault(name, "missing", $"A CloudEvent needs '{name}'.");
                }
            }
            else if (value is not { Length: > 0 and <= EventLimits.AttributeLength } || !IsText(value))
            {
                attributes.Fault(name, "invalid",
                    $"'{name}' is a text of 1–{EventLimits.AttributeLength} characters without control characters, in UTF-8.");
            }
            else
            {
                attributes.Take(name, value);
            }
        }
        return attributes;
    }

    private void Take(string name, string value)
    {
        _values[name] = value;
        switch (name)
        {
            case "specversion" when !string.Equals(value, Supported, StringComparison.Ordinal):
                Fault(name, "unsupported", "CloudEvents 1.0 is supported.");
                break;
            case "source" or "dataschema" when !UriReference.IsValid(value):
                Fault(name, "invalid", $"'{name}' is a URI reference (RFC 3986): ASCII without blanks, anything else percent-encoded.");
                break;
            case "datacontenttype" when !IsJson(value):
                Fault(name, "unsupported", "The data must be JSON.");
                break;
            case "traceparent" when !TraceContext.IsTraceParent(value):
                Fault(name, "invalid", "'traceparent' is a W3C trace context of version 00.");
                break;
            case "time" when EventTimes.TryParseStrict(value, out var time):
                Time = time;
                break;
            case "time":
                Fault(name, "invalid", "'time' is a time in RFC 3339 with its offset, between the years 2000 and 2999.");
                break;
        }
    }

    // The type system of CloudEvents 1.0.2: no control characters, and no code point that is none of a character.
    private static bool IsText(string value) => value.EnumerateRunes().All(rune =>
        !Rune.IsControl(rune) && (rune.Value & 0xFFFE) != 0xFFFE && rune.Value is < 0xFDD0 or > 0xFDEF);

    // RFC 2046, as the JSON event format has it: */json or */*+json.
    private static bool IsJson(string value) => MediaTypeHeaderValue.TryParse(value, out var type)
        && (type.MediaType!.EndsWith("/json", StringComparison.OrdinalIgnoreCase)
            || type.MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    private void Fault(string name, string code, string detail) => Faults.Add(new EventFault(name, code, detail));
}
