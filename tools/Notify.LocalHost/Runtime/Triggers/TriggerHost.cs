using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Notify.LocalHost.Runtime.Catalog;

namespace Notify.LocalHost.Runtime.Triggers;

/// <summary>
/// Starts the listeners of all functions when everything else is up, and drains them before anything else goes down: what is in hand still
/// needs the servers of this very process.
/// </summary>
internal sealed partial class TriggerHost(
    FunctionCatalog catalog, TriggerListeners listeners, ManualRuns runs, Drain drain, TimeProvider clock, ILogger<TriggerHost> logger)
        : IHostedLifecycleService
{
    /// <summary>How long a shutdown waits for what is in hand.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(30);

    /// <summary>How long functions may take to end once they have been cancelled.</summary>
    public static readonly TimeSpan TimeToGiveUp = TimeSpan.FromSeconds(5);

    private readonly List<Task> _listening = [];

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var function in catalog.Functions)
        {
            if (!function.IsDisabled && listeners.Create(function) is { } listener)
            {
                _listening.Add(Task.Run(() => ListenAsync(function.Name, listener), CancellationToken.None));
            }
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var work = Task.WhenAll([.. _listening, runs.AllDoneAsync()]);
        using var time = new CancellationTokenSource(DrainTime, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        await drain.RunAsync(work, limit.Token);
        if (work.IsCompleted)
        {
            return;
        }
        NotDrained(_listening.Count(t => !t.IsCompleted), DrainTime);
        using var end = new CancellationTokenSource(TimeToGiveUp, clock);
        await Task.WhenAny(work, Task.Delay(Timeout.InfiniteTimeSpan, clock, end.Token));
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Listeners wait faults out by themselves; one that ends all the same is a fault of this host, and must not end unheard.
    /// </summary>
    private async Task ListenAsync(string function, ITriggerListener listener)
    {
        try
        {
            await listener.RunAsync(drain);
        }
        catch (Exception fault)
        {
            ListenerBroke(function, fault);
        }
    }

    [LoggerMessage(EventId = 8602, Level = LogLevel.Critical, Message = "{function} is not triggered any more: its listener has ended")]
    private partial void ListenerBroke(string function, Exception fault);

    [LoggerMessage(EventId = 8601, Level = LogLevel.Warning,
        Message = "{count} functions have not finished within {limit}; what they had in hand comes again")]
    private partial void NotDrained(int count, TimeSpan limit);
}
