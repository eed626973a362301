using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Recovery;
using Notify.Functions.Sending.DeadLetters;

namespace Notify.Functions.Functions.Http;

/// <summary><c>GET /api/dead-letters</c> and <c>POST /api/dead-letters/redrive</c>.</summary>
public sealed class DeadLetterFunctions(DeadLetterListing listing, DeadLetterRedrive redrive)
{
    private const int PageSize = 50;

    /// <summary>
    /// The causes with counts and samples; with <c>?cause=</c> the letters of one, a page at a time: <c>?cursor=</c> from <c>next</c>.
    /// </summary>
    [Function("GetDeadLetters")]
    [Takes("cause", "cursor")]
    public Task<IResult> GetDeadLetters(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "dead-letters")] HttpRequest request,
        CancellationToken cancellationToken) =>
        ProblemResults.OrServiceUnavailableAsync(request, async () =>
        {
            var cursor = request.Parameter("cursor");
            if (cursor is not null && DeadLetter.PartitionOf(cursor) is null)
            {
                return ProblemResults.BadCursor();
            }
            return request.Parameter("cause") is { } cause
                ? Results.Json(await listing.OfCauseAsync(cause, cursor, PageSize, cancellationToken), NotifyJson.Options)
                : Results.Json(await listing.ByCauseAsync(cancellationToken), NotifyJson.Options);
        }, cancellationToken);

    /// <summary>
    /// Sends letters again, by <c>ids</c> or <c>cause</c>: 202 with what was sent; 200 with what would be where <c>preview</c> is true.
    /// Repeating it sends nothing twice.
    /// </summary>
    [Function("RedriveDeadLetters")]
    public Task<IResult> RedriveDeadLetters(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dead-letters/redrive")] HttpRequest request,
        CancellationToken cancellationToken) =>
        ProblemResults.OrServiceUnavailableAsync(request, async () =>
        {
            if (await RequestBody.ReadAsync(request, EventLimits.EventBytes, cancellationToken) is not { } body)
            {
                return ProblemResults.TooLarge(EventLimits.EventBytes);
            }
            var (wanted, faults) = RedriveRequest.Read(body);
            if (faults.Count > 0)
            {
                return ProblemResults.InvalidBody(faults);
            }
            var result = wanted.Ids is { } ids
                ? await redrive.RedriveAsync(ids, wanted.Preview, cancellationToken)
                : await redrive.RedriveAsync(wanted.Cause!, wanted.Preview, cancellationToken);
            return Results.Json(result, NotifyJson.Options, statusCode: wanted.Preview
                ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
        }, cancellationToken);
}
