using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Notify.Sandbox.Common;
using Notify.Sandbox.Reports;

namespace Notify.Sandbox.Control;

/// <summary><c>GET</c>, <c>PUT</c> and <c>DELETE /sandbox/webhooks</c>.</summary>
internal static class ReportEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/webhooks", Get);
        routes.MapPut("/webhooks", PutAsync);
        routes.MapDelete("/webhooks", Reset);
    }

    private static async Task<IResult> PutAsync(
        HttpRequest request, ReportSchedule schedule, ReportCounts counts, SandboxOptions options, CancellationToken cancellationToken)
    {
        using var json = await ControlRequest.ReadJsonAsync(request, cancellationToken);
        if (json is null)
        {
            return ControlRequest.NotJson();
        }
        var reader = new ReportSettingsReader();
        var settings = reader.Read(json.RootElement, schedule.Settings);
        if (reader.Mistakes.Count > 0)
        {
            return TypedResults.ValidationProblem(reader.Mistakes);
        }
        schedule.Settings = settings;
        return Get(schedule, counts, options);
    }

    private static IResult Get(ReportSchedule schedule, ReportCounts counts, SandboxOptions options)
    {
        var settings = schedule.Settings;
        return TypedResults.Json(
            new
            {
                settings.Enabled,
                settings.Duplicates,
                settings.OutOfOrder,
                DelayMs = (long)settings.Delay.TotalMilliseconds,
                settings.Only,
                CallbackBase = settings.CallbackBase ?? options.CallbackBase,
                counts.Calls,
                counts.Sent,
                counts.Acknowledged,
                counts.Retried,
                counts.GivenUp,
                counts.Dropped,
                counts.Pending,
            },
            SandboxJson.Options);
    }

    /// <summary>Settings as at the start, and counters at nothing; what is pending goes on.</summary>
    private static IResult Reset(ReportSchedule schedule, ReportCounts counts)
    {
        schedule.Settings = new ReportSettings();
        counts.Clear();
        return TypedResults.NoContent();
    }
}
