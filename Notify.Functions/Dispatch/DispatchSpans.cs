using System.Diagnostics;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Dispatch;

/// <summary>The spans of a batch, one for each event; they end together, when the batch is dispatched or has failed.</summary>
internal sealed class DispatchSpans(DateTimeOffset began) : IDisposable
{
    private readonly List<Activity> _spans = [];

    /// <summary>Begins an event's span; the event as it goes on from there.</summary>
    public ArrivedEvent Begin(ArrivedEvent one)
    {
        var span = Traces.Start("dispatch", ActivityKind.Consumer, one.Event.TraceParent, began);
        if (span is null)
        {
            return one;
        }
        _spans.Add(span);
        span.SetTag("messaging.system", "kafka").SetTag("messaging.destination.name", one.Source.Topic);
        return one with { Event = one.Event with { TraceParent = span.Id } };
    }

    public void Dispose() => _spans.ForEach(span => span.Dispose());
}
