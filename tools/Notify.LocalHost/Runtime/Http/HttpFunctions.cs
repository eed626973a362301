using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Invocation;

namespace Notify.LocalHost.Runtime.Http;

/// <summary>Puts HTTP functions on their routes.</summary>
internal sealed partial class HttpFunctions(IFunctionInvoker invoker, HostKey key, Drain drain, ILogger<HttpFunctions> logger)
{
    /// <summary>Maps every HTTP function that is not disabled.</summary>
    public void Map(IEndpointRouteBuilder endpoints, FunctionCatalog catalog, string prefix)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        foreach (var function in catalog.Functions)
        {
            if (function is { Trigger: HttpFunctionTrigger trigger, IsDisabled: false })
            {
                var pattern = $"/{prefix}/{trigger.Route}".Replace("//", "/", StringComparison.Ordinal);
                Task Run(HttpContext context) => RunAsync(function, trigger, context);
                _ = trigger.Methods.Count == 0 ? endpoints.Map(pattern, Run) : endpoints.MapMethods(pattern, trigger.Methods, Run);
            }
        }
    }

    private async Task RunAsync(AppFunction function, HttpFunctionTrigger trigger, HttpContext context)
    {
        if (drain.Stopping.IsCancellationRequested)
        {
            context.Response.Headers.RetryAfter = "5";
            await Problem(StatusCodes.Status503ServiceUnavailable, "The host is stopping.").ExecuteAsync(context);
            return;
        }
        if (trigger.Level != AuthorizationLevel.Anonymous && !key.Admits(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        try
        {
            var result = await invoker.InvokeAsync(function, context, context.RequestAborted);
            await result.ExecuteAsync(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: there is nobody to answer.
        }
        catch (BadHttpRequestException fault) when (!context.Response.HasStarted)
        {
            await Problem(fault.StatusCode, "The request cannot be read.").ExecuteAsync(context);
        }
        catch (Exception fault)
        {
            Failed(function.Name, fault);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }
            context.Response.Clear();
            await Problem(StatusCodes.Status500InternalServerError, "The function failed.").ExecuteAsync(context);
        }
    }

    private static IResult Problem(int status, string title) => Results.Problem(title: title, statusCode: status);

    [LoggerMessage(EventId = 8401, Level = LogLevel.Error, Message = "{function} failed")]
    private partial void Failed(string function, Exception fault);
}
