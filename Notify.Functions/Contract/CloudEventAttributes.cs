using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>The attributes of a CloudEvent that the contract reads; other attributes and extensions are the producer's own.</summary>
internal sealed class CloudEventAttributes
{
    private const string Supported = "1.0";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private CloudEventAttributes(List<EventFault> faults) => Faults = faults;

    /// <summary>Every attribute that is read.</summary>
    public static IReadOnlyList<string> Names { get; } = ["specversion", "id", "source", "type", "time", "dataschema", "datacontenttype", "traceparent"];

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
        : JsonText.TryGetString(value, out var text) ? (true, text)
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
            else if (value is not { Length: > 0 and <= EventLimits.AttributeLength } || value.Any(char.IsControl))
            {
                attributes.Fault(name, "invalid", $"'{name}' is a text of 1–{EventLimits.AttributeLength} characters without control characters.");
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
            case "source" when value.Any(char.IsWhiteSpace):
                Fault(name, "invalid", "'source' is a URI reference, without blanks.");
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

    private static bool IsJson(string value)
    {
        var type = value.Split(';', 2)[0].Trim();
        return type.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    private void Fault(string name, string code, string detail) => Faults.Add(new EventFault(name, code, detail));
}
