using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Functions.Http;
using Notify.LocalHost.Runtime.Catalog;

namespace Notify.LocalHost.Runtime.Invocation;

/// <summary>Calls functions: a new instance of the class in a new scope of services each time, as the worker does.</summary>
internal sealed class FunctionInvoker(IServiceScopeFactory scopes) : IFunctionInvoker
{
    /// <inheritdoc/>
    public Task InvokeAsync(AppFunction function, object value, CancellationToken cancellationToken) =>
        InvokeAsync(function, value, static _ => null, cancellationToken);

    /// <inheritdoc/>
    public async Task<IResult> InvokeAsync(AppFunction function, HttpContext context, CancellationToken cancellationToken) =>
        // In the app's own process a middleware asks this.
        QueryParameters.Refusal(function.Name, context.Request) ??
        await InvokeAsync(function, context.Request, name => context.Request.RouteValues[name]?.ToString(), cancellationToken)
            ?? Results.NoContent();

    private async Task<IResult?> InvokeAsync(
        AppFunction function, object value, Func<string, string?> route, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(function);
        object?[] arguments = [.. function.Parameters.Select(p => p.Source switch
        {
            ParameterSource.Trigger => value,
            ParameterSource.Cancellation => cancellationToken,
            _ => route(p.Name),
        })];
        await using var scope = scopes.CreateAsyncScope();
        var instance = function.Method.IsStatic
            ? null
            : ActivatorUtilities.CreateInstance(scope.ServiceProvider, function.Method.DeclaringType!);
        try
        {
            var task = (Task)function.Method.Invoke(instance, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null)!;
            await task;
            return task is Task<IResult> withResult ? await withResult : null;
        }
        finally
        {
            await DisposeAsync(instance);
        }
    }

    private static async ValueTask DisposeAsync(object? instance)
    {
        switch (instance)
        {
            case IAsyncDisposable asynchronous:
                await asynchronous.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
            default:
                break;
        }
    }
}
