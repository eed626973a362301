using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Channels;
using Notify.Functions.Delivery;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Events;
using Notify.Functions.Storage;

namespace Notify.Functions.Hosting;

/// <summary><c>GET /api/health</c>: whether this instance can reach what it needs.</summary>
public sealed class HealthFunction(ITables tables, IQueues queues, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>200 with the state of each dependency and the lanes' depths; 503 where one that nothing works without is away.</summary>
    [Function("Health")]
    public async Task<IResult> Health([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(_ => limit.Cancel(), state: null, Limit, Timeout.InfiniteTimeSpan);
        var lanes = new Dictionary<string, long>(StringComparer.Ordinal);
        var tablesUp = await IsUpAsync(() => tables.GetAsync(TableNames.Events, "0", "health", limit.Token)).ConfigureAwait(false);
        var queuesUp = await IsUpAsync(async () =>
        {
            foreach (var lane in Lanes.All.Concat(FanOutOrders.Queues))
            {
                lanes[lane] = await queues.CountAsync(lane, limit.Token).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        var healthy = tablesUp && queuesUp;
        return Results.Json(
            new { status = healthy ? "healthy" : "unhealthy", tables = Word(tablesUp), queues = Word(queuesUp), lanes },
            JsonText.Options,
            statusCode: healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static string Word(bool up) => up ? "up" : "down";

    private static async Task<bool> IsUpAsync(Func<Task> probe)
    {
        try
        {
            await probe().ConfigureAwait(false);
            return true;
        }
        catch (Exception fault) when (fault is OperationCanceledException || Infrastructure.IsFault(fault))
        {
            return false;
        }
    }
}
