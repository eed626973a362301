using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Ledger;
using Notify.Functions.Status;

namespace Notify.Functions.Functions.Http;

/// <summary><c>GET /api/recipients/{id}/deliveries</c>.</summary>
public sealed class GetRecipientDeliveriesFunction(RecipientDeliveries deliveries)
{
    private const int PageSize = 50;

    /// <summary>
    /// Why a recipient did or did not get something, newest first: <c>?channel=</c>, <c>?status=</c>, <c>?tenant=</c>, and <c>?cursor=</c>
    /// from <c>next</c>.
    /// </summary>
    [Function("GetRecipientDeliveries")]
    [Takes("tenant", "channel", "status", "cursor")]
    public Task<IResult> GetRecipientDeliveries(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "recipients/{id}/deliveries")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        ProblemResults.OrServiceUnavailableAsync(request, () => ReadAsync(request, id, cancellationToken), cancellationToken);

    private async Task<IResult> ReadAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (tenant, written) = (request.Parameter("tenant"), request.PathId(id));
        if (AddressNormalizer.Recipient(written) is not { } recipient || (tenant is not null && !AddressSyntax.IsId(tenant)))
        {
            return ProblemResults.BadId();
        }
        if (!request.TryChannel(out var channel))
        {
            return ProblemResults.BadChannel();
        }
        if (!TryStatus(request.Parameter("status"), out var status))
        {
            return ProblemResults.BadStatus();
        }
        var cursor = request.Parameter("cursor");
        var query = new RecipientQuery(tenant, recipient, channel, status) { Written = written };
        if (cursor is not null && !deliveries.IsCursor(query, cursor))
        {
            return ProblemResults.BadCursor();
        }
        var page = await deliveries.ReadAsync(query, cursor, PageSize, cancellationToken);
        return Results.Json(page, NotifyJson.Options);
    }

    private static bool TryStatus(string? name, out DeliveryStatus? status)
    {
        status = null;
        if (name is null)
        {
            return true;
        }
        var found = Enum.GetValues<DeliveryStatus>()
            .Where(one => string.Equals(one.ToString().ToLowerInvariant(), name, StringComparison.Ordinal)).ToList();
        status = found.Count == 1 ? found[0] : null;
        return status is not null;
    }
}
