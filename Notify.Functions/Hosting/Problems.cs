using System.Globalization;
using Microsoft.AspNetCore.Http;
using Notify.Functions.Events;

namespace Notify.Functions.Hosting;

/// <summary>Answers that say what is wrong, as RFC 9457 problem documents.</summary>
internal static class Problems
{
    /// <summary>400 with every fault listed.</summary>
    public static IResult Invalid(IReadOnlyList<EventFault> faults) => Results.Problem(
        title: "The event is not valid.",
        detail: string.Create(CultureInfo.InvariantCulture, $"{faults.Count} fault(s); see errors."),
        statusCode: StatusCodes.Status400BadRequest,
        type: "urn:notify:problem:invalid-event",
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["errors"] = faults.Select(fault => new { field = fault.Field, code = fault.Code, detail = fault.Detail }),
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

    /// <summary>400 for an id or tenant of the wrong form.</summary>
    public static IResult BadId() => BadParameter("id", "ids and tenants are 1–128 characters of A–Z a–z 0–9 . _ : @ + -");

    /// <summary>400 for a cursor that no page gave.</summary>
    public static IResult BadCursor() => BadParameter("cursor", "use the value of 'next' from the page before.");

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
