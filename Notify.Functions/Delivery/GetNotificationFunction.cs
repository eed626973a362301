using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Events;
using Notify.Functions.Hosting;

namespace Notify.Functions.Delivery;

/// <summary><c>GET /api/notifications/{id}</c>.</summary>
public sealed class GetNotificationFunction(NotificationReader reader)
{
    private const int PageSize = 100;

    /// <summary>An event and what became of it: <c>?tenant=</c>, and <c>?cursor=</c> from <c>next</c>.</summary>
    [Function("GetNotification")]
    public async Task<IResult> GetNotification(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "notifications/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var tenant = request.Query["tenant"].ToString() is { Length: > 0 } given ? given : null;
        if (!Addresses.IsId(id) || (tenant is not null && !Addresses.IsId(tenant)))
        {
            return Problems.BadId();
        }
        var cursor = request.Query["cursor"].ToString();
        var skip = 0;
        if (cursor.Length > 0 && !int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out skip))
        {
            return Problems.BadCursor();
        }
        var found = await reader.FindAsync(tenant, id, skip, PageSize, cancellationToken).ConfigureAwait(false);
        return found is null
            ? Problems.NotFound("There is no such event, or it has been accepted a moment ago and is not dispatched yet.")
            : Results.Json(found, JsonText.Options);
    }
}
