using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Functions.Contract;
using Notify.Functions.Health;

namespace Notify.Functions.Functions.Http;

/// <summary>Whether this instance lives, whether it can work, and what waits.</summary>
public sealed class HealthFunctions(HealthSnapshots snapshots, TimeProvider time)
{
    /// <summary>
    /// <c>GET /api/health/live</c>: 200, and nothing else is asked: a process that answers need not be restarted, whatever is away.
    /// </summary>
    [Function("HealthLive")]
    public Task<IResult> Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/live")] HttpRequest request) =>
        Task.FromResult(Results.Json(new { status = "alive", at = time.GetUtcNow() }, NotifyJson.Options));

    /// <summary>
    /// <c>GET /api/health</c>, for anybody: 200 <c>healthy</c>; 200 <c>degraded</c> where something is away that the service can do
    /// without; 503 <c>unhealthy</c> where it cannot.
    /// </summary>
    [Function("Health")]
    public async Task<IResult> Health(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var report = await snapshots.DependenciesAsync(cancellationToken);
        return Answer(report, new Dictionary<string, object?>(StringComparer.Ordinal) { ["status"] = NameOf(report.Status) });
    }

    /// <summary>
    /// <c>GET /api/health/details</c>, for callers with a key: the same, with the state of each dependency and what waits.
    /// </summary>
    [Function("HealthDetails")]
    public async Task<IResult> Details(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "health/details")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var report = await snapshots.DependenciesAsync(cancellationToken);
        var waiting = await snapshots.BacklogAsync(cancellationToken);
        var answer = new Dictionary<string, object?>(StringComparer.Ordinal) { ["status"] = NameOf(report.Status) };
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
        answer["topics"] = waiting.Topics;
        answer["lanes"] = Depths(waiting.Queues);
        answer["oldestSeconds"] = waiting.Queues?.Where(one => one.Depth > 0).ToDictionary(one => one.Queue, one =>
            (long)one.Oldest.TotalSeconds, StringComparer.Ordinal);
        answer["poison"] = Depths(waiting.Poison);
        answer["timerLateSeconds"] = (long?)waiting.TimerLateness?.TotalSeconds;
        answer["deadLetters"] = waiting.DeadLetters;
        return Answer(report, answer);
    }

    // What cannot be known now is left out.
    private static IResult Answer(HealthReport report, Dictionary<string, object?> answer) => Results.Json(
        answer.Where(pair => pair.Value is not null).ToDictionary(StringComparer.Ordinal),
        NotifyJson.Options,
        statusCode: report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);

    private static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };

    private static Dictionary<string, long>? Depths(IReadOnlyList<QueueBacklog>? queues) =>
        queues?.ToDictionary(one => one.Queue, one => one.Depth, StringComparer.Ordinal);
}
