namespace Notify.Functions.Contract;

/// <summary>The sizes the contract allows.</summary>
internal static class EventLimits
{
    /// <summary>The payload's size as UTF-8 JSON: 32 KiB, so that an event with its content fits into one queue message.</summary>
    public const int PayloadBytes = 32 * 1024;

    /// <summary>The whole event's size as UTF-8 JSON: 1,000 recipients of 128 characters, the payload, and room.</summary>
    public const int EventBytes = 256 * 1024;

    /// <summary>Recipients named one by one; more belong into a topic.</summary>
    public const int Recipients = 1000;

    /// <summary>Topics in one event. Each may have any number of subscribers.</summary>
    public const int Topics = 10;

    /// <summary>The length of ids, tenants and categories, in characters.</summary>
    public const int IdLength = 128;

    /// <summary>The length of a deduplication key, in characters.</summary>
    public const int DeduplicationKeyLength = 256;

    /// <summary>How long after <c>createdAt</c> an event may be sent at the latest, in days.</summary>
    public const int SendAheadDays = 366;

    /// <summary>How deep the payload may nest.</summary>
    public const int PayloadDepth = 32;

    /// <summary>The length of a trace context, in characters.</summary>
    public const int TraceParentLength = 128;

    /// <summary>The length of a link in <c>event.v2</c>, in characters.</summary>
    public const int UrlLength = 2048;

    /// <summary>The length of each CloudEvents attribute that is read, in characters.</summary>
    public const int AttributeLength = 1024;
}
