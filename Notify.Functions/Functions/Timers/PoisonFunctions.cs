using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Recovery;

namespace Notify.Functions.Functions.Timers;

/// <summary>The owner of the poison queues.</summary>
public sealed class PoisonFunctions(PoisonQueues poison)
{
    /// <summary>
    /// Empties them, every minute. A timer reads them raw, where a queue trigger would look into each ten times a second, and could not
    /// read what is no base64.
    /// </summary>
    [Function("DrainPoison")]
    public Task DrainPoison([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        poison.DrainAsync(cancellationToken);
}
