using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Intake;
using Notify.Functions.Templates;

namespace Notify.Functions.Functions.Http;

/// <summary><c>POST /api/notify</c>.</summary>
public sealed class NotifyFunction(EventIntake intake, TemplateRenderer templates, TimeProvider time)
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CatchUpAfter = TimeSpan.FromSeconds(10);

    /// <summary>
    /// 202 once the broker has acknowledged the event; 400, 413 or 415 with what is wrong; 422 where its key or id stands for another event
    /// that says something else; 503 where the broker is away or too much waits there.
    /// </summary>
    [Function("Notify")]
    public async Task<IResult> Notify(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "notify")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !(type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals("application/cloudevents+json", StringComparison.OrdinalIgnoreCase)))
        {
            return ProblemResults.WrongMediaType();
        }
        var body = await RequestBody.ReadAsync(request, EventLimits.EventBytes, cancellationToken);
        if (body is null)
        {
            return ProblemResults.TooLarge(EventLimits.EventBytes);
        }
        var key = request.Headers["Idempotency-Key"].ToString();
        if (key.Length > EventLimits.DeduplicationKeyLength || key.Any(char.IsControl))
        {
            return ProblemResults.Invalid([
                new EventFault("Idempotency-Key", "invalid",
                    $"The header is a text of 1–{EventLimits.DeduplicationKeyLength} characters.")]);
        }
        var now = time.GetUtcNow();
        var defaults = new EventDefaults(Guid.CreateVersion7(now).ToString("N"), now, key.Length == 0 ? null : key);
        var reading = EventReader.Read(body, defaults, RequestHeaders.Read(request));
        if (reading.Event is not { } notification)
        {
            return ProblemResults.Invalid(reading.Faults);
        }
        if (templates.FaultsOf(notification) is { Count: > 0 } faults)
        {
            return ProblemResults.Invalid(faults);
        }
        Acceptance accepted;
        try
        {
            accepted = await intake.AcceptAsync(Submission.Create(notification, reading, defaults), cancellationToken);
        }
        catch (EventNotAcknowledgedException)
        {
            return ProblemResults.Unavailable(request.HttpContext.Response,
                "The event log did not acknowledge the event in time. Send it again with the same id.", AskAgainAfter);
        }
        catch (DispatchersBehindException)
        {
            return ProblemResults.Unavailable(request.HttpContext.Response,
                "Too many events are waiting to be dispatched. Nothing was accepted; send it again later.", CatchUpAfter);
        }
        return accepted.Conflict is { } conflict
            ? ProblemResults.ConflictingDuplicate(key.Length > 0 && conflict.Field is "deduplicationKey"
                ? conflict with { Field = "Idempotency-Key" } : conflict)
            : Accepted(accepted.Id, notification.Tenant);
    }

    private static IResult Accepted(string id, string? tenant) => Results.Accepted(
        $"/api/notifications/{Uri.EscapeDataString(id)}" + (tenant is null ? string.Empty : $"?tenant={Uri.EscapeDataString(tenant)}"),
        new { id });
}
