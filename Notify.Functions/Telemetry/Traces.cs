using System.Diagnostics;

namespace Notify.Functions.Telemetry;

/// <summary>
/// Spans: one trace for each notification, from its producer to its provider's reports. What goes from one process to the next carries the
/// span's <c>traceparent</c>: the record on the topic, the event in an envelope, the row of an attempt.
/// </summary>
internal static class Traces
{
    /// <summary>The name of the source, to be listened to.</summary>
    public const string SourceName = "Notify";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins a span; <see langword="null"/> where nobody listens.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="kind">On which side of what.</param>
    /// <param name="traceParent">
    /// The trace that it belongs to; where there is none it is a new one's. What this process is doing at the moment, which may be about
    /// many notifications, is linked.
    /// </param>
    /// <param name="startTime">When it began; now unless given.</param>
    public static Activity? Start(string name, ActivityKind kind, string? traceParent, DateTimeOffset startTime = default)
    {
        if (!Source.HasListeners())
        {
            return null;
        }
        var around = Activity.Current;
        var links = around is null ? null : new[] { new ActivityLink(around.Context) };
        // The one around would be the parent of a span without one.
        Activity.Current = null;
        var span = Source.StartActivity(name, kind, ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var parent)
            ? parent : default, tags: null, links, startTime);
        if (span is null)
        {
            Activity.Current = around;
            return null;
        }
        // StartActivity made it the current one, and its end would make nothing the current one.
        Activity.Current = around;
        return span;
    }

    /// <summary>The <c>traceparent</c> that goes on from a span; where there is none, the one that came.</summary>
    public static string? TraceParentOr(this Activity? span, string? came) => span?.Id ?? came;
}
