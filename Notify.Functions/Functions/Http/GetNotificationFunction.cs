using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Status;

namespace Notify.Functions.Functions.Http;

/// <summary><c>GET /api/notifications/{id}</c>.</summary>
public sealed class GetNotificationFunction(NotificationReader reader, DigestReader digests)
{
    private const int PageSize = 100;

    /// <summary>An event, or a digest, and what became of it: <c>?tenant=</c>, and <c>?cursor=</c> from <c>next</c>.</summary>
    [Function("GetNotification")]
    [Takes("tenant", "cursor")]
    public Task<IResult> GetNotification(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "notifications/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        ProblemResults.OrServiceUnavailableAsync(request, () => ReadAsync(request, id, cancellationToken), cancellationToken);

    private async Task<IResult> ReadAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var tenant = request.Parameter("tenant");
        if (!AddressSyntax.IsId(id) || (tenant is not null && !AddressSyntax.IsId(tenant)))
        {
            return ProblemResults.BadId();
        }
        var cursor = request.Parameter("cursor") ?? "0";
        NotificationView? found;
        if (TopicCursor.TryParse(cursor, out var topics))
        {
            found = await reader.FindAsync(tenant, id, topics, PageSize, cancellationToken);
        }
        else if (int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var skip))
        {
            found = await reader.FindAsync(tenant, id, skip, PageSize, cancellationToken);
        }
        else
        {
            return ProblemResults.BadCursor();
        }
        if (found is not null)
        {
            return Results.Json(found, NotifyJson.Options);
        }
        return await digests.FindAsync(tenant, id, cancellationToken) is { } digest
            ? Results.Json(digest, NotifyJson.Options)
            : ProblemResults.NotFound("There is no such event, or it has been accepted a moment ago and is not dispatched yet.");
    }
}
