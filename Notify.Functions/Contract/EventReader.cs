using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>
/// Reads an event in whatever version it says it is in, plain or as a CloudEvent. Versions live side by side; each has a reader of its own.
/// </summary>
internal static class EventReader
{
    // Only an event that is at least this large could grow over the limit by being written with everything filled in.
    private const int MayGrow = EventLimits.EventBytes / 4;

    /// <summary>Reads and checks; never throws on bad input.</summary>
    /// <param name="utf8">The event as UTF-8 JSON.</param>
    /// <param name="defaults">What stands in for missing fields.</param>
    /// <param name="headers">What the record's or request's headers say; <see langword="null"/> where there are none.</param>
    public static EventReading Read(ReadOnlyMemory<byte> utf8, EventDefaults defaults, EventHeaders? headers = null)
    {
        headers ??= EventHeaders.None;
        if (utf8.Length > EventLimits.EventBytes)
        {
            return Refused("$", "too_long", $"The event has {utf8.Length} bytes; the limit is {EventLimits.EventBytes}.");
        }
        if (headers.Faults.Count > 0)
        {
            return new EventReading(Event: null, headers.Faults);
        }
        var reading = headers.IsBinaryCloudEvent ? CloudEventReader.ReadBinary(utf8, defaults, headers) : ReadJson(utf8, defaults, headers);
        if (reading.Event is not { } read)
        {
            return reading;
        }
        var notification = read.TraceParent is null ? read with { TraceParent = headers.TraceParent } : read;
        return utf8.Length > MayGrow && EventWriter.Write(notification).Length > EventLimits.EventBytes
            ? Refused("$", "too_long", $"The event with everything filled in is over the limit of {EventLimits.EventBytes} bytes.")
            : reading with { Event = notification, StatesTime = reading.StatesTime && !headers.IsTimeFilledIn };
    }

    private static EventReading ReadJson(ReadOnlyMemory<byte> utf8, EventDefaults defaults, EventHeaders headers)
    {
        var document = StrictJson.Parse(utf8, StrictJson.EventDepth, out var fault);
        var isDeep = document is null;
        if (isDeep && (headers.IsStructuredCloudEvent || utf8.Span.IndexOf("\"specversion\""u8) >= 0))
        {
            // The event is one level down in a CloudEvent.
            document = StrictJson.Parse(utf8, StrictJson.EventDepth + 1, out fault);
        }
        if (document is null)
        {
            return new EventReading(Event: null, [fault!]);
        }
        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return Refused("$", "invalid", "The event must be a JSON object.");
            }
            if (headers.IsStructuredCloudEvent || root.TryGetProperty("specversion", out _))
            {
                return CloudEventReader.ReadStructured(root, defaults, headers);
            }
            return isDeep
                ? new EventReading(Event: null, [StrictJson.TooDeep(StrictJson.EventDepth)])
                    : EventVersions.Read(root, defaults, headers.StatedVersions);
        }
    }

    private static EventReading Refused(string field, string code, string detail) =>
        new(Event: null, [new EventFault(field, code, detail)]);
}
