using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Notify.Sandbox.Common;
using Notify.Sandbox.Faults;

namespace Notify.Sandbox.Control;

/// <summary><c>PUT</c> (an object adds one, an array replaces all), <c>GET</c> and <c>DELETE /sandbox/faults</c>.</summary>
internal static class FaultEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/faults", PutAsync);
        routes.MapGet("/faults", Get);
        routes.MapDelete("/faults", Delete);
    }

    private static async Task<IResult> PutAsync(HttpRequest request, FaultList faults, CancellationToken cancellationToken)
    {
        using var json = await ControlRequest.ReadJsonAsync(request, cancellationToken);
        if (json is null)
        {
            return ControlRequest.NotJson();
        }
        var reader = new FaultReader();
        var read = reader.Read(json.RootElement);
        if (reader.Mistakes.Count > 0)
        {
            return TypedResults.ValidationProblem(reader.Mistakes);
        }
        if (json.RootElement.ValueKind == JsonValueKind.Array)
        {
            faults.Replace(read);
        }
        else
        {
            faults.Set(read[0]);
        }
        return Get(faults);
    }

    private static IResult Get(FaultList faults) => TypedResults.Json(faults.States().Select(Shape), SandboxJson.Options);

    private static IResult Delete(FaultList faults, string? provider = null)
    {
        faults.Clear(provider);
        return TypedResults.NoContent();
    }

    private static object Shape(FaultState state) => new
    {
        state.Fault.Provider,
        state.Fault.Mode,
        state.Fault.Status,
        state.Fault.Probability,
        DelayMs = (long)state.Fault.Delay.TotalMilliseconds,
        state.Fault.Count,
        DurationMs = (long?)state.Fault.Duration?.TotalMilliseconds,
        state.Fault.Seed,
        state.Seen,
        state.Hits,
        state.Active,
    };
}
