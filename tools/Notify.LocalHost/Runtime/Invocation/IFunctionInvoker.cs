using Microsoft.AspNetCore.Http;
using Notify.LocalHost.Runtime.Catalog;

namespace Notify.LocalHost.Runtime.Invocation;

/// <summary>Runs functions: in this process, or in a worker process.</summary>
internal interface IFunctionInvoker
{
    /// <summary>Runs a function with its trigger's value. Throws what the function throws, or what says that it failed.</summary>
    Task InvokeAsync(AppFunction function, object value, CancellationToken cancellationToken);

    /// <summary>Runs an HTTP function; its answer, to be carried out on the request's context.</summary>
    Task<IResult> InvokeAsync(AppFunction function, HttpContext context, CancellationToken cancellationToken);
}
