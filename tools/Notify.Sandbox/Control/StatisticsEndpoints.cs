using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Notify.Sandbox.Common;
using Notify.Sandbox.Messages;
using Notify.Sandbox.Statistics;

namespace Notify.Sandbox.Control;

/// <summary><c>GET</c> and <c>DELETE /sandbox/stats</c>.</summary>
internal static class StatisticsEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/stats", Get);
        routes.MapDelete("/stats", Clear);
    }

    private static IResult Get(SandboxStatistics statistics, MessageStore store)
    {
        var (since, providers) = statistics.Read();
        return TypedResults.Json(new { Since = since, Kept = store.Count, store.Displaced, Providers = providers }, SandboxJson.Options);
    }

    private static IResult Clear(SandboxStatistics statistics)
    {
        statistics.Clear();
        return TypedResults.NoContent();
    }
}
