using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Triggers;

namespace Notify.LocalHost.Runtime.Http;

/// <summary><c>/admin</c>, as the real host has it: what functions there are, how the host is, and running one now.</summary>
internal sealed class AdminEndpoints(FunctionCatalog catalog, ManualRuns runs, HostKey key, TimeProvider clock)
{
    private const int BodyLimit = 1024 * 1024;
    private const int Depth = 2;

    private readonly long _started = clock.GetTimestamp();

    /// <summary>Maps the three paths.</summary>
    public void Map(IEndpointRouteBuilder endpoints, string routePrefix)
    {
        var admin = endpoints.MapGroup("/admin").AddEndpointFilter(async (context, next) =>
            key.Admits(context.HttpContext.Request) ? await next(context) : Results.StatusCode(StatusCodes.Status401Unauthorized));
        admin.MapGet("/functions", (HttpRequest request) => Results.Json(
            catalog.Functions.Select(f => Describe(f, $"{request.Scheme}://{request.Host}/{routePrefix}"))));
        admin.MapPost("/functions/{name}", RunAsync);
        admin.MapGet("/host/status", () => Results.Json(Status()));
    }

    private async Task<IResult> RunAsync(string name, HttpRequest request)
    {
        if (catalog.Find(name) is not { } function)
        {
            return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found.",
                detail: $"There is no function '{name}'.");
        }
        if (function.Trigger is HttpFunctionTrigger)
        {
            return BadRequest($"'{function.Name}' is an HTTP function: call its own address.");
        }
        var (input, fault) = await ReadInputAsync(request);
        if (fault is null && input is null && function.Trigger is not TimerFunctionTrigger)
        {
            fault = $"'{function.Name}' needs {{\"input\": "
                + $"\"...\"}}: {(function.Trigger is KafkaFunctionTrigger ? "a record's value" : "a message's text")}.";
        }
        if (fault is not null)
        {
            return BadRequest(fault);
        }
        runs.Start(function, input);
        return Results.Accepted();
    }

    private static async Task<(string? Input, string? Fault)> ReadInputAsync(HttpRequest request)
    {
        const string Shape = "The body must be a JSON object such as {\"input\": \"...\"}.";
        if (await RequestBody.ReadAsync(request, BodyLimit, request.HttpContext.RequestAborted) is not { } bytes)
        {
            return (null, $"The body is larger than {BodyLimit} bytes.");
        }
        if (bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
        {
            return (null, null);
        }
        using var body = StrictJson.Parse(bytes, Depth, out _);
        return body is not { RootElement: { ValueKind: JsonValueKind.Object } root } ? (null, Shape)
            : !root.TryGetProperty("input", out var input) || input.ValueKind == JsonValueKind.Null ? (null, null)
            : NotifyJson.TryGetString(input, out var value) ? (value, null)
            : (null, "\"input\" must be a string.");
    }

    private static IResult BadRequest(string detail) =>
        Results.Problem(statusCode: StatusCodes.Status400BadRequest, title: "The function was not run.", detail: detail);

    private static object Describe(AppFunction function, string baseUrl) => new
    {
        name = function.Name,
        language = "dotnet-isolated",
        isDisabled = function.IsDisabled,
        invoke_url_template = function.Trigger is HttpFunctionTrigger http ? $"{baseUrl}/{http.Route}" : null,
        config = new
        {
            name = function.Name,
            bindings = new object[]
            {
                new { type = function.Trigger.Type, direction = "In",
                    name = function.Parameters.Single(p => p.Source == ParameterSource.Trigger).Name,
                        detail = function.Trigger.Description },
            },
        },
    };

    private object Status() => new
    {
        id = Environment.MachineName,
        state = "Running",
        version = typeof(AdminEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        processUptime = (long)clock.GetElapsedTime(_started).TotalMilliseconds,
    };
}
