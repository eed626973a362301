using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Infrastructure.Http;

namespace Notify.Functions.Functions.Http;

/// <summary>
/// Answers what no other function takes. The Functions host would answer a wrong method like a wrong address: 404, without a body and
/// without <c>Allow</c>.
/// </summary>
public sealed class WrongRouteFunction(RouteMethods routes)
{
    /// <summary>
    /// 405 with <c>Allow</c> where the address takes other methods, 404 where there is nothing. The host tries routes in the order of their
    /// functions' names, so this name must come after those of all HTTP functions.
    /// </summary>
    [Function("WrongRoute")]
    public Task<IResult> WrongRoute([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request, string? path)
    {
        var methods = routes.At(path ?? "");
        return Task.FromResult(methods.Count == 0 || methods.Contains(request.Method, StringComparer.OrdinalIgnoreCase)
            ? ProblemResults.NotFound($"There is nothing at {request.Path}.")
            : ProblemResults.WrongMethod(request, methods));
    }
}
