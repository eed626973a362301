using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Notify.Sandbox.Common;
using Notify.Sandbox.Messages;

namespace Notify.Sandbox.Control;

/// <summary><c>GET</c> and <c>DELETE /sandbox/messages</c>.</summary>
internal static class MessageEndpoints
{
    /// <summary>How many messages match the filter, whatever part of them the answer holds.</summary>
    public const string TotalHeader = "X-Total-Count";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/messages", List);
        routes.MapDelete("/messages", Clear);
    }

    private static IResult List(HttpContext context, MessageStore store)
    {
        var mistakes = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var filter = MessageFilter.Read(context.Request.Query, mistakes);
        if (mistakes.Count > 0)
        {
            return TypedResults.ValidationProblem(mistakes);
        }
        var (page, total) = filter.Apply(store.Snapshot());
        context.Response.Headers[TotalHeader] = total.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Json(page, SandboxJson.Options);
    }

    private static IResult Clear(MessageStore store)
    {
        store.Clear();
        return TypedResults.NoContent();
    }
}
