using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Ledger;
using Notify.Functions.Sending.InApp;

namespace Notify.Functions.Functions.Http;

/// <summary><c>GET /api/recipients/{id}/inbox</c>.</summary>
public sealed class GetInboxFunction(Inbox inbox)
{
    private const int PageSize = 50;

    /// <summary>A recipient's in-app notifications, newest first: <c>?tenant=</c>, and <c>?cursor=</c> from <c>next</c>.</summary>
    [Function("GetInbox")]
    [Takes("tenant", "cursor")]
    public Task<IResult> GetInbox(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "recipients/{id}/inbox")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        ProblemResults.OrServiceUnavailableAsync(request, () => ReadAsync(request, id, cancellationToken), cancellationToken);

    private async Task<IResult> ReadAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var tenant = request.Parameter("tenant");
        if (!AddressSyntax.IsId(id) || (tenant is not null && !AddressSyntax.IsId(tenant)))
        {
            return ProblemResults.BadId();
        }
        var cursor = request.Parameter("cursor");
        if (cursor is not null && !DeliveryId.TryParse(cursor, out _))
        {
            return ProblemResults.BadCursor();
        }
        return Results.Json(await inbox.ReadAsync(tenant, id, cursor, PageSize, cancellationToken), NotifyJson.Options);
    }
}
