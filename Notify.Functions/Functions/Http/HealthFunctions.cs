using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Functions.Contract;
using Notify.Functions.Health;
using Notify.Functions.Infrastructure.Resilience;

namespace Notify.Functions.Functions.Http;

/// <summary>Whether this instance lives, whether it can work, and what waits.</summary>
public sealed class HealthFunctions(HealthCheckService dependencies, Backlog backlog, TimeProvider time)
{
    /// <summary><c>GET /api/health/live</c>: 200, and nothing else is asked: a process that answers need not be restarted, whatever is away.</summary>
    [Function("HealthLive")]
    public Task<IResult> Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/live")] HttpRequest request) =>
        Task.FromResult(Results.Json(new { status = "alive", at = time.GetUtcNow() }, JsonText.Options));

    /// <summary>
    /// <c>GET /api/health</c>: 200 with the state of each dependency and what waits; <c>degraded</c> where one is away that the service can do without, and
    /// 503, <c>unhealthy</c>, where it cannot.
    /// </summary>
    [Function("Health")]
    public async Task<IResult> Health([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health")] HttpRequest request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(_ => limit.Cancel(), state: null, HealthRegistration.Limit, Timeout.InfiniteTimeSpan);
        var token = limit.Token;
        var report = await dependencies.CheckHealthAsync(cancellationToken);
        var queues = await ValueAsync(() => Task.WhenAll(Backlog.Queues.Concat(Backlog.Queues.Select(Backlog.PoisonOf)).Select(queue => backlog.OfQueueAsync(queue, token))));
        var answer = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["status"] = report.Status switch
            {
                HealthStatus.Healthy => "healthy",
                HealthStatus.Degraded => "degraded",
                _ => "unhealthy",
            },
        };
        foreach (var (name, dependency) in report.Entries)
        {
            answer[name] = dependency switch
            {
                { Status: HealthStatus.Healthy } => "up",
                // What is wrong with which part of it.
                { Data.Count: > 0 } => dependency.Data,
                _ => "down",
            };
        }
        // What cannot be known now is left out.
        answer["topics"] = await ValueAsync(() => backlog.OfTopicsAsync(token));
        answer["lanes"] = queues?.Take(Backlog.Queues.Count).ToDictionary(one => one.Queue, one => one.Depth, StringComparer.Ordinal);
        answer["oldestSeconds"] = queues?.Take(Backlog.Queues.Count).Where(one => one.Depth > 0).ToDictionary(one => one.Queue, one => (long)one.Oldest.TotalSeconds, StringComparer.Ordinal);
        answer["poison"] = queues?.Skip(Backlog.Queues.Count).Where(one => one.Depth > 0).ToDictionary(one => one.Queue, one => one.Depth, StringComparer.Ordinal);
        answer["timerLateSeconds"] = await ValueAsync(async () => (long?)(await backlog.OfTimerAsync(token)).TotalSeconds);
        answer["deadLetters"] = await ValueAsync(async () => (int?)await backlog.OfDeadLettersAsync(token));
        return Results.Json(
            answer.Where(pair => pair.Value is not null).ToDictionary(StringComparer.Ordinal),
            JsonText.Options,
            statusCode: report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static async Task<T?> ValueAsync<T>(Func<Task<T>> probe)
    {
        try
        {
            return await probe();
        }
        catch (Exception fault) when (fault is OperationCanceledException or Confluent.Kafka.KafkaException || TransientFaults.IsFault(fault))
        {
            return default;
        }
    }
}
