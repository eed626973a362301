using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Intake;

namespace Notify.Functions.Functions.Http;

/// <summary><c>POST /api/notify/batch</c>.</summary>
public sealed class NotifyBatchFunction(BatchIntake intake)
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Up to 100 events as a JSON array; 202 where the broker has acknowledged all of them, else 207, each time with a result for each
    /// event in order. A body that is no such array is refused as a whole, and nothing of it is published.
    /// </summary>
    [Function("NotifyBatch")]
    public async Task<IResult> NotifyBatch(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "notify/batch")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return ProblemResults.WrongMediaType();
        }
        if (request.Headers.ContainsKey("Idempotency-Key"))
        {
            return ProblemResults.Invalid([
                new EventFault("Idempotency-Key", "unsupported", "One key cannot stand for many events; give each its deduplicationKey.")]);
        }
        var body = await RequestBody.ReadAsync(request, EventBatch.MostBytes, cancellationToken);
        if (body is null)
        {
            return ProblemResults.TooLarge(EventBatch.MostBytes);
        }
        var (events, fault) = EventBatch.Split(body);
        if (events is null)
        {
            return ProblemResults.InvalidBody([fault!]);
        }
        var trace = request.Headers.TraceParent.ToString() is var given && Contract.TraceContext.IsTraceParent(given) ? given : null;
        var items = await intake.AcceptAsync(events, trace, cancellationToken);
        if (items.Any(item => item.Status == StatusCodes.Status503ServiceUnavailable))
        {
            request.HttpContext.Response.Headers.RetryAfter = ((int)AskAgainAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
        var status = items.All(item => item.Status == StatusCodes.Status202Accepted)
            ? StatusCodes.Status202Accepted : StatusCodes.Status207MultiStatus;
        return Results.Json(new { items }, NotifyJson.Options, statusCode: status);
    }
}
