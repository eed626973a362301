using System.Text.Json;
using System.Text.RegularExpressions;

namespace Notify.Functions.Contract;

/// <summary>
/// Reads CloudEvents 1.0: the event of this service is the data, and what it leaves out is taken from the attributes. Faults of the data
/// are listed under <c>data</c>.
/// </summary>
internal static partial class CloudEventReader
{
    private const string StructuredJson = "application/cloudevents+json";

    /// <summary>Attributes in headers, data in the value.</summary>
    public static EventReading ReadBinary(ReadOnlyMemory<byte> utf8, EventDefaults defaults, EventHeaders headers)
    {
        var attributes = CloudEventAttributes.From(headers);
        return ReadData(utf8, attributes, defaults, headers);
    }

    /// <summary>Everything in one JSON object.</summary>
    public static EventReading ReadStructured(JsonElement root, EventDefaults defaults, EventHeaders headers)
    {
        if (headers.IsStructuredCloudEvent && !string.Equals(headers.MediaType, StructuredJson, StringComparison.Ordinal))
        {
            return Refused([new EventFault("content-type", "unsupported", $"CloudEvents are read as {StructuredJson}.")]);
        }
        var attributes = CloudEventAttributes.From(root);
        var hasData = root.TryGetProperty("data", out var data) && data.ValueKind != JsonValueKind.Null;
        var hasBytes = root.TryGetProperty("data_base64", out var encoded) && encoded.ValueKind != JsonValueKind.Null;
        if (hasData && hasBytes)
        {
            attributes.Faults.Add(new EventFault("data_base64", "conflict", "A CloudEvent has 'data' or 'data_base64', not both."));
        }
        else if (hasBytes)
        {
            if (NotifyJson.TryGetString(encoded, out _) && encoded.TryGetBytesFromBase64(out var bytes))
            {
                return ReadData(bytes, attributes, defaults, headers);
            }
            attributes.Faults.Add(new EventFault("data_base64", "invalid", "'data_base64' is a text in Base64."));
        }
        return hasData ? ReadBody(data, attributes, defaults, headers) : Refused([.. attributes.Faults, .. NoData(hasBytes)]);
    }

    private static EventReading ReadData(
        ReadOnlyMemory<byte> utf8, CloudEventAttributes attributes, EventDefaults defaults, EventHeaders headers)
    {
        using var document = StrictJson.Parse(utf8, StrictJson.EventDepth, out var fault);
        return document is null
            ? Refused([.. attributes.Faults, InData(fault!)]) : ReadBody(document.RootElement, attributes, defaults, headers);
    }

    private static EventReading ReadBody(JsonElement data, CloudEventAttributes attributes, EventDefaults defaults, EventHeaders headers)
    {
        if (data.ValueKind != JsonValueKind.Object)
        {
            return Refused([.. attributes.Faults, new EventFault("data", "invalid", "The data must be a JSON object.")]);
        }
        var isNamed = attributes is { Id: not null, Source: not null };
        var reading = EventVersions.Read(
            data,
            // Without a name of its own the CloudEvent is refused; the stand-in keeps 'data.id' out of the faults.
            defaults with
            {
                Id = isNamed ? CloudEventIdentity.EventId(attributes.Source!, attributes.Id!) : "-",
                CreatedAt = attributes.Time ?? defaults.CreatedAt,
                StatedAt = attributes.Time,
            },
            Versions(attributes, data, headers));
        if (reading.Event is not { } read || attributes.Faults.Count > 0)
        {
            return Refused([.. attributes.Faults, .. reading.Faults.Select(InData)]);
        }
        return reading with
        {
            Event = read with
            {
                DeduplicationKey = read.DeduplicationKey ?? CloudEventIdentity.DeduplicationKey(attributes.Source!, attributes.Id!),
                TraceParent = read.TraceParent ?? attributes.TraceParent,
            },
        };
    }

    // 'type' is the producer's own name for what happened: it picks a version only where nothing else does.
    private static IReadOnlyList<StatedVersion> Versions(CloudEventAttributes attributes, JsonElement data, EventHeaders headers)
    {
        var stated = headers.StatedVersions.ToList();
        if (attributes.DataSchema is { } schema && SchemaName().Match(schema) is { Success: true } match)
        {
            var name = match.Groups[1].Value;
            if (EventVersions.Names.Contains(name, StringComparer.Ordinal))
            {
                stated.Add(new StatedVersion("dataschema", name));
            }
            else
            {
                attributes.Faults.Add(new EventFault("dataschema", "unknown",
                    $"The schema version must be {string.Join(" or ", EventVersions.Names)}."));
            }
        }
        if (stated.Count == 0 && attributes.Type is { } type && !data.TryGetProperty("schemaVersion", out _)
            && EventVersions.Names.FirstOrDefault(name => type.EndsWith(name, StringComparison.Ordinal)) is { } picked)
        {
            stated.Add(new StatedVersion("type", picked));
        }
        return stated;
    }

    private static EventFault InData(EventFault fault) => fault with { Field = fault.Field is "$" ? "data" : "data." + fault.Field };

    private static IEnumerable<EventFault> NoData(bool isFaulty) =>
        isFaulty ? [] : [new EventFault("data", "missing", "The event stands in 'data' or 'data_base64'.")];

    private static EventReading Refused(IReadOnlyList<EventFault> faults) => new(Event: null, faults);

    [GeneratedRegex("(?:^|[/.:#])(event\\.v[0-9]{1,4})(?:\\.json)?\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SchemaName();
}
