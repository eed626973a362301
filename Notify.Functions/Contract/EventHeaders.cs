using System.Text;

namespace Notify.Functions.Contract;

/// <summary>What the headers of a record or a request say about the event: its version, and the attributes of a CloudEvent.</summary>
public sealed class EventHeaders
{
    private const string CloudPrefix = "ce_";
    private const string ContentTypeName = "content-type";
    private const string TraceParentName = "traceparent";

    /// <summary>The header by which the intake names the field that it has filled in.</summary>
    internal const string FilledInName = "filled-in";

    /// <summary>The value of <see cref="FilledInName"/> where that is the event's time.</summary>
    internal const string TimeName = "createdAt";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly string[] VersionNames = ["schemaVersion", "schema-version"];
    private static readonly string[] BinaryMarks = ["specversion", "id", "source", "type"];

    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);

    private EventHeaders()
    {
    }

    /// <summary>No headers.</summary>
    public static EventHeaders None { get; } = new();

    /// <summary>Contradictions between the headers themselves.</summary>
    internal List<EventFault> Faults { get; } = [];

    /// <summary>The media type in lower case, without parameters.</summary>
    internal string? MediaType => _values.GetValueOrDefault(ContentTypeName)?.Split(';', 2)[0].Trim().ToLowerInvariant();

    /// <summary>The value is a CloudEvent with its attributes.</summary>
    internal bool IsStructuredCloudEvent => MediaType?.StartsWith("application/cloudevents", StringComparison.Ordinal) == true;

    /// <summary>The attributes stand in headers and the value is the data.</summary>
    internal bool IsBinaryCloudEvent =>
        _values.Count > 0 && !IsStructuredCloudEvent && BinaryMarks.Any(name => _values.ContainsKey(CloudPrefix + name));

    /// <summary>The versions that the headers state.</summary>
    internal IReadOnlyList<StatedVersion> StatedVersions =>
        [.. VersionNames.Where(_values.ContainsKey).Select(name => new StatedVersion(name, _values[name] ?? string.Empty))];

    /// <summary>Name and value of each, to be kept and published again; what is no text is left out.</summary>
    internal IReadOnlyDictionary<string, string> Texts =>
        _values.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);

    /// <summary>The trace context, where it is one.</summary>
    internal string? TraceParent =>
        _values.GetValueOrDefault(TraceParentName) is { } text && TraceContext.IsTraceParent(text) ? text : null;

    /// <summary>Whether the intake has filled the event's time in.</summary>
    internal bool IsTimeFilledIn => string.Equals(_values.GetValueOrDefault(FilledInName), TimeName, StringComparison.Ordinal);

    /// <summary>Takes from a record's headers what the contract knows; the rest is the producer's own.</summary>
    public static EventHeaders From(IEnumerable<KeyValuePair<string, byte[]?>> headers)
    {
        EventHeaders? found = null;
        foreach (var (name, value) in headers)
        {
            if (IsOurs(name))
            {
                (found ??= new EventHeaders()).Add(name, Decode(value));
            }
        }
        return found ?? None;
    }

    /// <summary>
    /// An attribute in its header: <see langword="false"/> where there is none; its value is <see langword="null"/> where it is no text.
    /// </summary>
    internal bool TryGetAttribute(string name, out string? value) => _values.TryGetValue(CloudPrefix + name, out value);

    private static bool IsOurs(string? name) =>
        name is not null
        && (name.StartsWith(CloudPrefix, StringComparison.OrdinalIgnoreCase)
            || name.Equals(ContentTypeName, StringComparison.OrdinalIgnoreCase)
            || name.Equals(TraceParentName, StringComparison.OrdinalIgnoreCase)
            || name.Equals(FilledInName, StringComparison.OrdinalIgnoreCase)
            || VersionNames.Contains(name, StringComparer.OrdinalIgnoreCase));

    private static string? Decode(byte[]? value)
    {
        try
        {
            return value is null ? null : Utf8.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // The last of several counts, as everywhere on Kafka, except where events could be told apart by the others.
    private void Add(string name, string? value)
    {
        var isFree = name.Equals(ContentTypeName, StringComparison.OrdinalIgnoreCase)
            || name.Equals(TraceParentName, StringComparison.OrdinalIgnoreCase);
        if (!isFree && _values.TryGetValue(name, out var other) && !string.Equals(value, other, StringComparison.Ordinal))
        {
            var known = VersionNames.Concat(CloudEventAttributes.Names.Select(attribute => CloudPrefix + attribute))
                .FirstOrDefault(own => own.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (known is not null)
            {
                Faults.Add(new EventFault(known, "conflict", $"The header '{known}' is there twice and says two things."));
            }
        }
        _values[name] = value;
    }
}
