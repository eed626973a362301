using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Erasure;
using Notify.Functions.Infrastructure.Http;

namespace Notify.Functions.Functions.Http;

/// <summary>Erasing recipients: asked for by a call, done by <see cref="Queues.EraseRecipientFunction"/>.</summary>
public sealed class ErasureFunctions(RecipientErasure erasure)
{
    /// <summary>
    /// Erases a recipient, user or address, known or not: 202 with the report so far. From here on nothing is decided for them; the rest
    /// follows. Safe to repeat.
    /// </summary>
    [Function("DeleteRecipient")]
    [Takes("tenant")]
    public Task<IResult> DeleteRecipient(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "recipients/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        OfRecipientAsync(request, id, async (tenant, written) =>
            Results.Json(await erasure.BeginAsync(tenant, written, cancellationToken), NotifyJson.Options,
                statusCode: StatusCodes.Status202Accepted), cancellationToken);

    /// <summary>What was erased of a recipient, by table; 404 where they never were.</summary>
    [Function("GetErasure")]
    [Takes("tenant")]
    public Task<IResult> GetErasure(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "recipients/{id}/erasure")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        OfRecipientAsync(request, id, async (tenant, written) =>
            await erasure.FindAsync(tenant, AddressNormalizer.Recipient(written)!, cancellationToken) is { } report
            ? Results.Json(report, NotifyJson.Options)
            : ProblemResults.NotFound("No recipient with this id was erased in this tenant."), cancellationToken);

    private static Task<IResult> OfRecipientAsync(
        HttpRequest request, string id, Func<string?, string, Task<IResult>> action, CancellationToken cancellationToken)
    {
        var (tenant, written) = (request.Parameter("tenant"), request.PathId(id));
        return AddressNormalizer.Recipient(written) is not null && (tenant is null || AddressSyntax.IsId(tenant))
            ? ProblemResults.OrServiceUnavailableAsync(request, () => action(tenant, written), cancellationToken)
            : Task.FromResult(ProblemResults.BadId());
    }
}
