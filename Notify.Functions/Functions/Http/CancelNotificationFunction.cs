using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Cancellation;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;

namespace Notify.Functions.Functions.Http;

/// <summary><c>DELETE /api/notifications/{id}</c>.</summary>
public sealed class CancelNotificationFunction(EventCancellation cancellation)
{
    /// <summary>
    /// Cancels what is not sent yet, of <c>?recipient=</c> or on <c>?channel=</c> only, and says for each delivery what became of it; 202
    /// for an event that was not dispatched yet. Safe to repeat.
    /// </summary>
    [Function("CancelNotification")]
    [Takes("tenant", "recipient", "channel")]
    public Task<IResult> CancelNotification(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "notifications/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        ProblemResults.OrServiceUnavailableAsync(request, () => CancelAsync(request, id, cancellationToken), cancellationToken);

    private async Task<IResult> CancelAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (tenant, recipient) = (request.Parameter("tenant"), request.Parameter("recipient"));
        if (!AddressSyntax.IsId(id) || (tenant is not null && !AddressSyntax.IsId(tenant))
            || (recipient is not null && AddressNormalizer.Recipient(recipient) is null))
        {
            return ProblemResults.BadId();
        }
        if (!request.TryChannel(out var channel))
        {
            return ProblemResults.BadChannel();
        }
        var result = await cancellation.CancelAsync(
            new CancellationScope(tenant, id, recipient is null ? null : AddressNormalizer.Recipient(recipient), channel),
            cancellationToken);
        return result switch
        {
            { View: { } view } => Results.Json(view, NotifyJson.Options, statusCode: view.Dispatched
                ? StatusCodes.Status200OK : StatusCodes.Status202Accepted),
            { Fault: CancellationFault.IsDuplicate } =>
                ProblemResults.Conflict(
                    $"The event is a duplicate of {result.DuplicateOf} and has no deliveries of its own; cancel that one."),
            { Fault: CancellationFault.TooManyParts } =>
                ProblemResults.Conflict("Too many parts of the event were cancelled before it was dispatched; cancel the whole event."),
            _ => ProblemResults.NotFound("The event has no such delivery."),
        };
    }
}
