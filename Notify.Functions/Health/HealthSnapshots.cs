using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Functions.Infrastructure.Resilience;

namespace Notify.Functions.Health;

/// <summary>
/// The health of this instance, measured for many callers at once: whoever asks within five seconds gets the same answer. So it costs the
/// same whether one asks or thousands do.
/// </summary>
public sealed class HealthSnapshots(HealthCheckService dependencies, Backlog backlog, TimeProvider time)
{
    /// <summary>How old an answer may be.</summary>
    internal static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    private readonly Snapshot<HealthReport> _dependencies = new(Age, time);
    private readonly Snapshot<BacklogView> _backlog = new(Age, time);

    /// <summary>
    /// The dependencies: two storage operations and one question to the broker, to Redis and to each provider's circuit, at most once in
    /// five seconds.
    /// </summary>
    public Task<HealthReport> DependenciesAsync(CancellationToken cancellationToken) =>
        _dependencies.GetAsync(() => dependencies.CheckHealthAsync(CancellationToken.None), cancellationToken);

    /// <summary>
    /// What waits: about a hundred storage operations, at most once in five seconds. Takes no longer than
    /// <see cref="HealthRegistration.Limit"/>.
    /// </summary>
    public Task<BacklogView> BacklogAsync(CancellationToken cancellationToken) => _backlog.GetAsync(MeasureAsync, cancellationToken);

    private async Task<BacklogView> MeasureAsync()
    {
        using var limit = new CancellationTokenSource(HealthRegistration.Limit, time);
        var token = limit.Token;
        var queues = await ValueAsync(() =>
            Task.WhenAll(Backlog.Queues.Concat(Backlog.Queues.Select(Backlog.PoisonOf))
                .Select(queue => backlog.OfQueueAsync(queue, token))));
        return new BacklogView
        {
            Topics = await ValueAsync(() => backlog.OfTopicsAsync(token)),
            Queues = queues?.Take(Backlog.Queues.Count).ToList(),
            Poison = queues?.Skip(Backlog.Queues.Count).Where(one => one.Depth > 0).ToList(),
            TimerLateness = await ValueAsync(async () => (TimeSpan?)await backlog.OfTimerAsync(token)),
            DeadLetters = await ValueAsync(async () => (int?)await backlog.OfDeadLettersAsync(token)),
        };
    }

    private static async Task<T?> ValueAsync<T>(Func<Task<T>> probe)
    {
        try
        {
            return await probe();
        }
        catch (Exception fault) when (fault is OperationCanceledException or Confluent.Kafka.KafkaException
            || TransientFaults.IsFault(fault))
        {
            return default;
        }
    }
}

/// <summary>What waits. What cannot be known now is <see langword="null"/>.</summary>
public sealed record BacklogView
{
    /// <summary>How many records of each topic wait for the dispatchers.</summary>
    public IReadOnlyDictionary<string, long>? Topics { get; init; }

    /// <summary>The queues that functions read.</summary>
    public IReadOnlyList<QueueBacklog>? Queues { get; init; }

    /// <summary>The queues of what nobody could handle, where there is something in them.</summary>
    public IReadOnlyList<QueueBacklog>? Poison { get; init; }

    /// <summary>For how long the oldest digest or deferred delivery has been due.</summary>
    public TimeSpan? TimerLateness { get; init; }

    /// <summary>How many dead letters there are, up to <see cref="Backlog.MostDeadLetters"/>.</summary>
    public int? DeadLetters { get; init; }
}
