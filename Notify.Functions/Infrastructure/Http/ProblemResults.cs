using System.Globalization;
using Microsoft.AspNetCore.Http;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Infrastructure.Resilience;

namespace Notify.Functions.Infrastructure.Http;

/// <summary>Answers that say what is wrong, as RFC 9457 problem documents.</summary>
internal static class ProblemResults
{
    private const int LongestName = 64;
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    /// <summary>400 with every fault listed.</summary>
    public static IResult Invalid(IReadOnlyList<EventFault> faults, string what = "event") => Results.Problem(
        title: $"The {what} {(what.EndsWith('s') ? "are" : "is")} not valid.",
        detail: string.Create(CultureInfo.InvariantCulture, $"{faults.Count} fault(s); see errors."),
        statusCode: StatusCodes.Status400BadRequest,
        type: "urn:notify:problem:invalid-" + what,
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["errors"] = Errors(faults),
        });

    /// <summary>400 for a body that is no event, with every fault listed.</summary>
    public static IResult InvalidBody(IReadOnlyList<EventFault> faults) => Results.Problem(
        title: "The body is not valid.",
        detail: string.Create(CultureInfo.InvariantCulture, $"{faults.Count} fault(s); see errors."),
        statusCode: StatusCodes.Status400BadRequest,
        type: "urn:notify:problem:invalid-body",
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["errors"] = Errors(faults),
        });

    /// <summary>The faults as problem documents list them.</summary>
    public static IEnumerable<object> Errors(IReadOnlyList<EventFault> faults) =>
        faults.Select(fault => new { field = fault.Field, code = fault.Code, detail = fault.Detail });

    /// <summary>422 for a key or id that stands for another event, which says something else.</summary>
    public static IResult ConflictingDuplicate(EventFault conflict) => Results.Problem(
        title: $"The {conflict.Field} is already used for another event.",
        detail: conflict.Detail,
        statusCode: StatusCodes.Status422UnprocessableEntity,
        type: "urn:notify:problem:conflicting-duplicate",
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["errors"] = Errors([conflict]),
        });

    /// <summary>413.</summary>
    public static IResult TooLarge(long limit) => Results.Problem(
        title: "The body is too large.",
        detail: string.Create(CultureInfo.InvariantCulture, $"The limit is {limit} bytes."),
        statusCode: StatusCodes.Status413PayloadTooLarge,
        type: "urn:notify:problem:too-large");

    /// <summary>415.</summary>
    public static IResult WrongMediaType() => Results.Problem(
        title: "The content type is not supported.",
        detail: "Send application/json or application/cloudevents+json.",
        statusCode: StatusCodes.Status415UnsupportedMediaType,
        type: "urn:notify:problem:media-type");

    /// <summary>404.</summary>
    public static IResult NotFound(string detail) => Results.Problem(
        title: "Not found.",
        detail: detail,
        statusCode: StatusCodes.Status404NotFound,
        type: "urn:notify:problem:not-found");

    /// <summary>405 with <c>Allow</c>.</summary>
    public static IResult WrongMethod(HttpRequest request, IReadOnlyList<string> allowed)
    {
        request.HttpContext.Response.Headers.Allow = string.Join(", ", allowed);
        return Results.Problem(
            title: "The method is not possible here.",
            detail: $"{request.Path} takes {string.Join(", ", allowed)}, not {request.Method}.",
            statusCode: StatusCodes.Status405MethodNotAllowed,
            type: "urn:notify:problem:method");
    }

    /// <summary>400 for an id or tenant of the wrong form.</summary>
    public static IResult BadId() => BadParameter("id", "ids and tenants are 1–128 characters of A–Z a–z 0–9 . _ : @ + -");

    /// <summary>400 for an id that no rejected record has.</summary>
    public static IResult BadRejectedId() => BadParameter("id", "use an 'id' from the list of rejected records.");

    /// <summary>400 for a query parameter that the call does not take, with the nearest that it does.</summary>
    public static IResult UnknownParameter(string name, IReadOnlyList<string> known) => BadParameter(
        name.Length > LongestName ? name[..LongestName] + "…" : name,
        known.Count == 0
            ? "this call takes no parameters."
            : $"this call does not take it; the nearest is {known.MinBy(one => EditDistance.Between(name, one))} "
                + $"(of {string.Join(", ", known)}).");

    /// <summary>400 for a cursor that no page gave.</summary>
    public static IResult BadCursor() => BadParameter("cursor", "use the value of 'next' from the page before.");

    /// <summary>400 for a channel that does not exist.</summary>
    public static IResult BadChannel() => BadParameter("channel", "one of email, sms, push, in_app.");

    /// <summary>400 for a status that does not exist.</summary>
    public static IResult BadStatus() =>
        BadParameter("status", "one of pending, batched, suppressed, expired, cancelled, sent, failed, delivered, bounced.");

    /// <summary>409, with the faults that stand against it, if any.</summary>
    public static IResult Conflict(string detail, IReadOnlyList<EventFault>? faults = null) => Results.Problem(
        title: "Not possible as things stand.",
        detail: detail,
        statusCode: StatusCodes.Status409Conflict,
        type: "urn:notify:problem:conflict",
        extensions: faults is null ? null : new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = Errors(faults) });

    /// <summary>What an action answers, or 503 where the infrastructure is away.</summary>
    public static async Task<IResult> OrServiceUnavailableAsync(
        HttpRequest request, Func<Task<IResult>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action();
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && TransientFaults.IsFault(fault))
        {
            return Unavailable(request.HttpContext.Response, "A store did not answer. Repeat the call; what was done already stays done.",
                AskAgainAfter);
        }
    }

    /// <summary>401, without saying more than the caller knows.</summary>
    public static IResult NotGenuine(string detail) => Results.Problem(
        title: "The call is not genuine.",
        detail: detail,
        statusCode: StatusCodes.Status401Unauthorized,
        type: "urn:notify:problem:signature");

    private static IResult BadParameter(string name, string detail) => Results.Problem(
        title: "A parameter is not valid.",
        detail: $"{name}: {detail}",
        statusCode: StatusCodes.Status400BadRequest,
        type: "urn:notify:problem:parameter");

    /// <summary>503 with <c>Retry-After</c>.</summary>
    public static IResult Unavailable(HttpResponse response, string detail, TimeSpan retryAfter)
    {
        response.Headers.RetryAfter = ((int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Results.Problem(
            title: "Not available right now.",
            detail: detail,
            statusCode: StatusCodes.Status503ServiceUnavailable,
            type: "urn:notify:problem:unavailable");
    }
}
