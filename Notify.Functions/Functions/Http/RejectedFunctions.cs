using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Recovery;
using Notify.Functions.Status;

namespace Notify.Functions.Functions.Http;

/// <summary><c>GET /api/rejected</c> and <c>POST /api/rejected/{id}/retry</c>.</summary>
public sealed class RejectedFunctions(RejectedListing listing, RejectedRetry retry)
{
    private const int PageSize = 50;
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(2);

    /// <summary>The records that were set aside, newest first: <c>?cursor=</c> from <c>next</c>.</summary>
    [Function("GetRejected")]
    [Takes("cursor")]
    public Task<IResult> GetRejected(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "rejected")] HttpRequest request,
        CancellationToken cancellationToken) =>
        ProblemResults.OrServiceUnavailableAsync(request, () => ListAsync(request.Parameter("cursor"), cancellationToken),
            cancellationToken);

    /// <summary>
    /// Publishes a record again: 202 with its new place; 409 where it is still not valid, or was published again before and
    /// <c>?again=true</c> is not given.
    /// </summary>
    [Function("RetryRejected")]
    [Takes("again")]
    public Task<IResult> RetryRejected(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "rejected/{id}/retry")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        ProblemResults.OrServiceUnavailableAsync(request, () => RetryAsync(request, id, cancellationToken), cancellationToken);

    private async Task<IResult> ListAsync(string? cursor, CancellationToken cancellationToken) =>
        cursor is not null && !RejectedId.TryParse(cursor, out _)
        ? ProblemResults.BadCursor()
        : Results.Json(await listing.ReadAsync(cursor, PageSize, cancellationToken), NotifyJson.Options);

    private async Task<IResult> RetryAsync(HttpRequest request, string text, CancellationToken cancellationToken)
    {
        if (!RejectedId.TryParse(text, out var id))
        {
            return ProblemResults.BadRejectedId();
        }
        var again = string.Equals(request.Parameter("again"), "true", StringComparison.OrdinalIgnoreCase);
        try
        {
            return await retry.RetryAsync(id, again, cancellationToken) switch
            {
                RetryResult.Published { Position: var at } =>
                    Results.Json(new { id = id.Key, source = new SourceView(at.Topic, at.Partition, at.Offset) }, NotifyJson.Options,
                        statusCode: StatusCodes.Status202Accepted),
                RetryResult.RetriedBefore before => ProblemResults.Conflict(
                    $"The record was published again at {EventWriter.Format(before.At)}; say ?again=true to publish it once more."),
                RetryResult.StillFaulty faulty => ProblemResults.Conflict("The record is still not valid; see errors.", faulty.Faults),
                RetryResult.Incomplete => ProblemResults.Conflict("The record was too large to be kept whole."),
                _ => ProblemResults.NotFound("There is no such rejected record."),
            };
        }
        catch (EventNotAcknowledgedException)
        {
            return ProblemResults.Unavailable(request.HttpContext.Response,
                "The event log did not acknowledge the record in time. Try again.", AskAgainAfter);
        }
    }
}
