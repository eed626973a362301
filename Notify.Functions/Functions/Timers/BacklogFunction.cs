using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Health;

namespace Notify.Functions.Functions.Timers;

/// <summary>Measures what waits, for the metrics: nobody else would notice that a function does not run at all.</summary>
public sealed class BacklogFunction(Backlog backlog)
{
    /// <summary>Every minute.</summary>
    [Function("MeasureBacklog")]
    public Task MeasureBacklog([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        backlog.MeasureAsync(cancellationToken);
}
