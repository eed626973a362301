using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Notify.Functions.Functions.Http;

namespace Notify.Functions.Host;

/// <summary>Answers calls with a query parameter that they do not take, before their function is called.</summary>
internal sealed class QueryParametersMiddleware : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http
            || QueryParameters.Refusal(context.FunctionDefinition.Name, http.Request) is not { } refusal)
        {
            return next(context);
        }
        context.GetInvocationResult().Value = refusal;
        return Task.CompletedTask;
    }
}
